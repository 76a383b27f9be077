/** Who takes over has to carry it. */
import { formatBandwidth } from '@bothways/estate';
import { listText } from '../causes.ts';
import { secondCircuit } from '../example-parts.ts';
import { failureStudy, isPlanned, type Overfull } from '../failure-study.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Overrun {
  readonly worst: Overfull;
  /** Failures that lead to it. */
  readonly failures: readonly string[];
  readonly path: readonly (string | number)[];
}

/** A demand of several kinds may send all of its traffic by any of their ways; one of eligible flows alone may not. */
const ELIGIBLE = ['PP-F01, PP-F02, PP-F05, PP-F11, PP-F16', 'PP-F01, PP-F02'] as const;

export const linkHasHeadroomAfterFailure = defineRule<Overrun>({
  name: 'link-has-headroom-after-failure',
  title: 'After a failure a line is asked for more than it has',
  family: 'load and latency',
  severity: 'warning',
  ids: ['PP-C05', 'PP-C38', 'CHK-PP-05', 'CHK-GAP-17', 'CHK-WAF-R02', 'ER-015', 'ER-221'],
  what: 'Lets every element of an estate with several circuits fail, one at a time, lays the traffic of the demands on the ways that are left, and compares the least that comes with what each line has free.',
  why: 'The failover works in a test at night and chokes on a working day: everybody is on the line that is left.',
  fix: 'size what takes over for the traffic of both, or say which flows stay away in a failure',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the line between the datacentres has 100 Mbps and carries everybody when the first edge fails',
    ...secondCircuit({ core: 'bandwidth: 100 Mbps' }),
    ELIGIBLE,
  ),
  silent: example('it has 1 Gbps', ...secondCircuit(), ELIGIBLE),
  find: (view) => {
    const study = hasSeveralCircuits(view) ? failureStudy(view) : undefined;
    const found = new Map<string, { worst: Overfull; readonly failures: string[] }>();
    for (const effect of study?.singles() ?? []) {
      if (isPlanned(effect)) continue;
      for (const over of study?.overloads(effect) ?? []) {
        const known = found.get(over.name);
        if (known === undefined) found.set(over.name, { worst: over, failures: [effect.set.id] });
        else {
          known.failures.push(effect.set.id);
          if (over.asked > known.worst.asked) known.worst = over;
        }
      }
    }
    const lines = new Map<number | string, Overrun>();
    for (const { worst, failures } of found.values()) {
      const path = pathOf(view, worst);
      const key = worst.link ?? worst.name;
      const known = lines.get(key);
      // One direction of a line stands for both.
      if (path !== undefined && (known === undefined || worst.asked > known.worst.asked)) {
        lines.set(key, { worst, failures, path });
      }
    }
    return [...lines.values()];
  },
  word: ({ worst, failures, path }) => ({
    message: `when ${listText(failures, 4)} ${failures.length === 1 ? 'fails' : 'fail'}, ${worst.name} is asked for ${formatBandwidth(worst.asked)} and has ${formatBandwidth(worst.free)} free`,
    path,
  }),
  unknown: {
    example: undefined,
    find: (view) =>
      hasSeveralCircuits(view) && failureStudy(view) === undefined
        ? [
            {
              input: 'bothways sweep',
              message:
                'whether lines carry what failures send over them: the estate is too large for a check to compute them',
              path: ['circuits'],
            },
          ]
        : [],
  },
});

function hasSeveralCircuits(view: CheckView): boolean {
  return view.index.peered().length > 1;
}

function pathOf(view: CheckView, { link, circuit, site }: Overfull): Overrun['path'] | undefined {
  const { network } = view.compiled;
  for (const origin of link === undefined ? [] : (network.links[link]?.origins ?? [])) {
    if (origin.kind === 'document') return origin.path;
  }
  return view.index.circuit(circuit ?? '')?.path ?? view.index.site(site ?? '')?.path;
}
