// How this playback went, and why: for whoever wants to know.

import { Link } from '@tanstack/react-router';

import { words } from '../../strings/words.ts';
import { Page } from '../../ui/Page.tsx';
import { BufferChart, ThroughputChart } from './Charts.tsx';
import { DecisionLog } from './DecisionLog.tsx';
import { Exports } from './Exports.tsx';
import { Figures } from './Figures.tsx';
import { RungLane } from './RungLane.tsx';
import { Waterfall } from './Waterfall.tsx';
import { WhatIf } from './whatif/WhatIf.tsx';

export function StatsPage() {
  return (
    <Page title={words.stats.title} about={words.stats.about} actions={<Exports />}>
      <div className="grid gap-12">
        <Figures />
        <div className="grid gap-12 *:min-w-0 xl:grid-cols-2 xl:items-start xl:gap-10">
          <ThroughputChart />
          <BufferChart />
          <RungLane />
          <Waterfall />
        </div>
        <WhatIf />
        <DecisionLog />
        <Link to="/analytics" className="text-accent underline-offset-4 hover:underline">
          {words.stats.toAnalytics}
        </Link>
      </div>
    </Page>
  );
}
