/** Pull cables and watch; move pools; compare designs; every intent against every failure. */
import { Tab, TabList } from '@fluentui/react-components';
import { goTo, useRoute } from '../state/hooks.ts';
import { Compare } from './what-if-compare.tsx';
import { Matrix } from './what-if-matrix.tsx';
import { Pools } from './what-if-pools.tsx';
import { Pull } from './what-if-pull.tsx';

const views = ['pull', 'pools', 'compare', 'matrix'] as const;
type ViewName = (typeof views)[number];

export default function WhatIf() {
  const { query } = useRoute();
  const asked = query.get('view');
  const view: ViewName = views.find((each) => each === asked) ?? 'pull';
  return (
    <div className="what-if">
      <div className="bar">
        <h1>What if</h1>
        <TabList
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => goTo('what-if', { view: String(value) })}
        >
          <Tab value="pull">Pull elements</Tab>
          <Tab value="pools">Pools and breakouts</Tab>
          <Tab value="compare">Compare designs</Tab>
          <Tab value="matrix">Failure matrix</Tab>
        </TabList>
      </div>
      {view === 'pull' ? <Pull /> : null}
      {view === 'pools' ? <Pools /> : null}
      {view === 'compare' ? <Compare /> : null}
      {view === 'matrix' ? <Matrix /> : null}
    </div>
  );
}
