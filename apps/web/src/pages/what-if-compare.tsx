/** Two designs side by side: the one that is open, one that was kept, one from the history, each with its own failures. */
import { Button, Dropdown, Field, Input, Option } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { VariantView } from '../engine/protocol.ts';
import { viaWords } from '../parts/links.tsx';
import { VerdictTag } from '../parts/verdict.tsx';
import { useShown, useStore } from '../state/hooks.ts';
import { whenAnswered } from '../state/late.ts';
import type { Variant } from '../state/state.ts';
import { today } from '../state/store.ts';
import { costWords, rate } from './what-if-consequences.tsx';

const NOW = 'the design now';

export function Compare() {
  const store = useStore();
  const variants = useShown((state) => state.variants);
  const files = useShown((state) => state.files);
  const failed = useShown((state) => state.failed);
  const [name, setName] = useState('');
  const [left, setLeft] = useState<string>();
  const [right, setRight] = useState(NOW);
  const all: readonly Variant[] = [{ name: NOW, files, failed }, ...variants];
  const one = all.find((each) => each.name === (left ?? variants[0]?.name)) ?? all[0];
  const other = all.find((each) => each.name === right) ?? all[0];
  const a = useVariant(one);
  const b = useVariant(other);
  return (
    <div className="page">
      <div className="card keep">
        <Field label="Keep the design and its failed elements as they are now">
          <Input placeholder="name, such as two circuits" value={name} onChange={(_, { value }) => setName(value)} />
        </Field>
        <Button
          appearance="primary"
          disabled={name.trim() === '' || name.trim() === NOW}
          onClick={() => {
            store.keepVariant(name.trim());
            setLeft(name.trim());
            setName('');
          }}
        >
          Keep
        </Button>
        <span className="grow" />
        <Choice label="Left" value={one?.name ?? NOW} all={all} onChoose={setLeft} />
        <Choice label="Right" value={other?.name ?? NOW} all={all} onChoose={setRight} />
      </div>
      {variants.length === 0 ? (
        <p className="quiet">
          Keep the design, then change it in the editor, move a pool or pull an element: both stand side by side here.
        </p>
      ) : null}
      {a === undefined || b === undefined || one === undefined || other === undefined ? (
        <p className="quiet">Computing both …</p>
      ) : (
        <Sides a={a} b={b} names={[one.name, other.name]} />
      )}
    </div>
  );
}

function useVariant(variant: Variant | undefined): VariantView | undefined {
  const store = useStore();
  const [answer, setAnswer] = useState<VariantView>();
  const key = variant === undefined ? '' : JSON.stringify([variant.files, variant.failed]);
  useEffect(() => {
    if (variant === undefined) return undefined;
    const { files, failed } = variant;
    return whenAnswered(store.engine.ask('variant', { files, failed, today: today() }), setAnswer);
    // `variant` is compared by what it says.
  }, [store, key]);
  return answer;
}

function Choice({
  label,
  value,
  all,
  onChoose,
}: {
  readonly label: string;
  readonly value: string;
  readonly all: readonly Variant[];
  readonly onChoose: (name: string) => void;
}) {
  return (
    <Field label={label}>
      <Dropdown
        aria-label={label}
        value={value}
        selectedOptions={[value]}
        onOptionSelect={(_, { optionValue }) => {
          if (optionValue !== undefined) onChoose(optionValue);
        }}
      >
        {all.map(({ name }) => (
          <Option key={name} value={name} text={name}>
            {name}
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}

function Sides({
  a,
  b,
  names,
}: {
  readonly a: VariantView;
  readonly b: VariantView;
  readonly names: readonly [string, string];
}) {
  const [left, right] = [measuresOf(a), measuresOf(b)];
  const ids = [...new Set([...a.verdict.trips, ...b.verdict.trips].map(({ id }) => id))];
  const rows = ids.flatMap((id) => {
    const [one, other] = [a, b].map(({ trips }) => trips.find((trip) => trip?.id === id));
    const key = (trip: typeof one): string => JSON.stringify([trip?.outcome, trip?.there, trip?.back, msOf(trip)]);
    return key(one) === key(other) ? [] : [{ id, one, other }];
  });
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
          </tr>
        </thead>
        <tbody>
          {left.map(([measure, value], at) => (
            <tr key={measure} className={value === right[at]?.[1] ? '' : 'chosen'}>
              <th scope="row">{measure}</th>
              <td>{value}</td>
              <td>{right[at]?.[1]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2 className="spaced">Round trips that differ</h2>
      {rows.length === 0 ? <p>None: every round trip goes the same way in both, in the same time.</p> : null}
      {rows.length === 0 ? null : (
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">Round trip</th>
              <th scope="col">{names[0]}</th>
              <th scope="col">{names[1]}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 200).map(({ id, one, other }) => (
              <tr key={id}>
                <th scope="row">
                  {(one ?? other)?.flowName}{' '}
                  <span className="quiet">
                    {(one ?? other)?.source} → {(one ?? other)?.destination}
                  </span>
                </th>
                <td>
                  <Side trip={one} />
                </td>
                <td>
                  <Side trip={other} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

type Trip = VariantView['trips'][number];

function Side({ trip }: { readonly trip: Trip }) {
  if (trip === undefined) return <span className="quiet">not asked for</span>;
  const ms = msOf(trip);
  return (
    <>
      <VerdictTag verdict={trip.outcome} /> {viaWords(trip.there)}
      {trip.symmetric ? '' : `, back over ${viaWords(trip.back)}`}
      {ms === undefined ? '' : `, ${ms} ms`}
    </>
  );
}

function msOf(trip: Trip): number | undefined {
  const likely = trip?.outcome === 'holds' ? trip.quality.roundTrip?.likelyMs : undefined;
  return likely === undefined ? undefined : Math.round(likely * 10) / 10;
}

function measuresOf({ judgement, trips, load, cost }: VariantView): readonly (readonly [string, string])[] {
  const known = trips.flatMap((trip) => msOf(trip) ?? []).toSorted((x, y) => x - y);
  const broken = trips.filter((trip) => trip?.outcome === 'broken').length;
  const circuits = trips.filter((trip) => trip?.there.startsWith('expressroute') === true).length;
  const busiest = (load?.lines ?? [])
    .flatMap(({ name, highMbps, bandwidthMbps }) =>
      bandwidthMbps === undefined || bandwidthMbps === 0 ? [] : [{ name, highMbps, share: highMbps / bandwidthMbps }],
    )
    .toSorted((x, y) => y.share - x.share)[0];
  return [
    ['Round trips that fail', `${broken} of ${trips.length}`],
    ['Round trips over a circuit', `${circuits}`],
    ['Errors', `${judgement.counts.error}`],
    ['Warnings', `${judgement.counts.warning}`],
    ['Cost a month', cost === undefined ? 'not known' : costWords(cost.monthly, cost.currency)],
    ['Latency there and back, middle', known.length === 0 ? 'not known' : `${known[Math.floor(known.length / 2)]} ms`],
    ['Latency there and back, worst', known.length === 0 ? 'not known' : `${known.at(-1)} ms`],
    [
      'Busiest line',
      busiest === undefined
        ? 'not known'
        : `${busiest.name}, ${Math.round(busiest.share * 100)} % (${rate(busiest.highMbps)})`,
    ],
  ];
}
