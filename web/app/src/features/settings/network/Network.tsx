import { Budget } from './Budget.tsx';
import { Here } from './Here.tsx';
import { Leaning } from './Leaning.tsx';
import { UserCaps } from './UserCaps.tsx';

/** What may go over which network, and how much. */
export function Network() {
  return (
    <>
      <Here />
      <UserCaps />
      <Leaning />
      <Budget />
    </>
  );
}
