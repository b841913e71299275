import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fakeServer } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { ReferencePage } from './ReferencePage.tsx';

const schema = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const DOCUMENT = {
  paths: {
    '/api/tracks/{id}/': {
      get: {
        tags: ['library'],
        operationId: 'track',
        summary: 'One track',
        'x-access': 'user',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          { name: 'lang', in: 'query', description: 'Of its words.', schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'The track', ...schema('Track') } },
      },
    },
    '/api/auth/login/': {
      post: {
        tags: ['accounts'],
        operationId: 'log_in',
        summary: 'Log in',
        requestBody: schema('Login'),
        responses: { 200: { description: 'Logged in' } },
      },
    },
  },
  components: {
    schemas: {
      Track: {
        type: 'object',
        required: ['title', 'next'],
        properties: {
          title: { type: 'string', description: 'As tagged.' },
          next: { $ref: '#/components/schemas/Track' },
        },
      },
      Login: { type: 'object', properties: { name: { type: 'string' } } },
    },
  },
};

async function open() {
  const server = fakeServer({
    'GET /api/openapi.json': () => ({ body: DOCUMENT }),
    'GET /api/tracks/a%2Fb/': () => ({ body: { title: 'Overture' } }),
  });
  const view = await renderPage(ReferencePage, { at: '/reference', route: '/reference' });
  const summary = await screen.findByText('/api/tracks/{id}/');
  return { ...view, server, details: summary.closest('details') as HTMLDetailsElement };
}

test('shows operations by group, with parameters and the shape of answers', async () => {
  const { user, details } = await open();
  expect(screen.getByRole('heading', { name: 'library' })).toBeTruthy();
  await user.click(within(details).getByText('/api/tracks/{id}/'));
  const inside = within(details);
  expect(await inside.findByText('path, string (uuid), required')).toBeTruthy();
  expect(inside.getByText('Of its words.')).toBeTruthy();
  // A type that contains itself is written out once.
  expect(details.querySelector('pre')?.textContent).toBe(
    'title: string  — As tagged.\nnext: Track',
  );
});

test('sends a GET with its parameters and shows the answer', async () => {
  const { user, details, server } = await open();
  await user.click(within(details).getByText('/api/tracks/{id}/'));
  await user.type(await within(details).findByLabelText('id'), 'a/b');
  await user.click(within(details).getByRole('button', { name: 'Send' }));
  expect(await within(details).findByText('Answer: 200')).toBeTruthy();
  expect(within(details).getByText(/"title": "Overture"/)).toBeTruthy();
  expect(server.asked.at(-1)).toMatchObject({ line: 'GET /api/tracks/a%2Fb/', query: '' });
});

test('only a GET can be tried, and the filter narrows', async () => {
  const { user } = await open();
  await user.type(screen.getByRole('searchbox'), 'login');
  const summary = screen.getByText('/api/auth/login/');
  expect(screen.queryByText('/api/tracks/{id}/')).toBeNull();
  await user.click(summary);
  const details = summary.closest('details') as HTMLDetailsElement;
  expect(await within(details).findByText('Request body')).toBeTruthy();
  expect(within(details).queryByRole('button', { name: 'Send' })).toBeNull();
});
