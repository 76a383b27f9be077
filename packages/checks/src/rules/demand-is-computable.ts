/** Demands for flows that this version cannot follow are said, never silently passed over. */
import type { SkippedDemand } from '@bothways/network';
import { defineRule } from '../rule.ts';

const REASONS: Readonly<Record<SkippedDemand['because'], string>> = {
  'inside-microsoft': "stays inside Microsoft's network: no circuit can be placed on it",
  'does-not-cross-the-edge': 'does not cross the border between the customer and Microsoft',
  'opened-by-microsoft': 'is opened by Microsoft, and no service of the document says that it is called by it',
  'no-data-gateway': 'rides sessions that a data gateway opens, and no place of the demand has one',
  'no-desktop-flow-machines': 'rides sessions that desktop-flow machines open, and no place of the demand has any',
};

export const demandIsComputable = defineRule<SkippedDemand>({
  name: 'demand-is-computable',
  title: 'A demand names a flow that no path can be computed for',
  family: 'round trips',
  severity: 'note',
  ids: ['PP-C33', 'CHK-PP-14'],
  what: 'Looks for flows in demands that stay inside Microsoft or are opened from there.',
  why: 'No verdict of this report speaks about such a flow.',
  fix: 'take the flow out of the demand, or read the verdict without it',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'a demand for a flow inside Microsoft',
    replace: [{ text: 'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]', by: 'flows: [PP-F01, PP-F48]' }],
  },
  silent: { title: 'flows that clients open', replace: [] },
  find: ({ compiled: { demands } }) => {
    const followed = new Set(demands.inbound?.map((each) => each.flow.id));
    return demands.skipped.filter(({ flow, because }) => because !== 'opened-by-microsoft' || !followed.has(flow.id));
  },
  word: ({ demand, flow, because }) => ({
    message: `${flow.id} ${flow.name} ${REASONS[because]}`,
    path: [...demand.path, 'flows'],
    severity: because === 'opened-by-microsoft' ? 'warning' : 'note',
  }),
});
