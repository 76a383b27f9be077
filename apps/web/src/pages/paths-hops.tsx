/** Both ways as tables, and stepping through them. */

import type { HopDetail, TripDetail, WayDetail } from '@bothways/twin';
import { Button, Tooltip } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { FactLinks, PlaceLink, viaWords, WithFacts } from '../parts/links.tsx';
import { VerdictTag } from '../parts/verdict.tsx';
import { NextIcon, PlayIcon, PreviousIcon } from '../shell/icons.ts';

export interface HopAt {
  readonly direction: 'request' | 'answer';
  readonly hop: number;
}

interface HopsProps {
  readonly trip: TripDetail;
  readonly at: HopAt | undefined;
  readonly onAt: (at: HopAt | undefined) => void;
  readonly onWhy: (device: string, prefix: string) => void;
}

export function Hops({ trip, at, onAt, onWhy }: HopsProps) {
  const steps = stepsOf(trip);
  const position =
    at === undefined ? -1 : steps.findIndex(({ direction, hop }) => direction === at.direction && hop === at.hop);
  const go = (to: number): void => onAt(steps[Math.max(0, Math.min(steps.length - 1, to))]);
  return (
    <section className="hops" aria-label="Hop by hop">
      <div className="hops-head">
        <h2>
          {trip.flowName} <span className="quiet">{trip.flow}</span>
        </h2>
        <VerdictTag verdict={trip.outcome} />
        <span>
          {trip.source} → {trip.destination}
        </span>
        <span className="grow" />
        <div className="buttons" role="group" aria-label="Step through the packet">
          <Tooltip content="Back one hop" relationship="label">
            <Button
              size="small"
              icon={<PreviousIcon />}
              disabledFocusable={position <= 0}
              onClick={() => go(position - 1)}
            />
          </Tooltip>
          <Button
            size="small"
            icon={position < 0 ? <PlayIcon /> : <NextIcon />}
            disabledFocusable={position === steps.length - 1}
            onClick={() => go(position + 1)}
          >
            {position < 0 ? 'Step through' : 'Next hop'}
          </Button>
          <span className="quiet" role="status">
            {position < 0
              ? `${steps.length} hops`
              : `${position + 1} of ${steps.length}: ${stepWords(trip, steps[position])}`}
          </span>
        </div>
      </div>
      <Story trip={trip} />
      <WayTable title="The request" direction="request" way={trip.forward} at={at} onAt={onAt} onWhy={onWhy} />
      {trip.return === undefined ? (
        <p>There is nothing to answer.</p>
      ) : (
        <WayTable title="The answer" direction="answer" way={trip.return} at={at} onAt={onAt} onWhy={onWhy} />
      )}
    </section>
  );
}

function Story({ trip }: { readonly trip: TripDetail }) {
  const { dropped, because, packet, quality, symmetric } = trip;
  const { roundTrip } = quality;
  return (
    <div className="story">
      {dropped === undefined ? null : (
        <p className="bad-line">
          <strong>
            The {dropped.direction} is dropped at {dropped.device}
          </strong>
          : {dropped.reason}. <PlaceLink place={dropped.place} />
        </p>
      )}
      {because === undefined ? null : <p>{because}</p>}
      <p>
        Sent as <code>{packet.sent}</code>, seen by Microsoft as <code>{packet.received}</code>.{' '}
        {symmetric ? 'It comes back the way it went.' : `It comes back another way: ${viaWords(trip.back)}.`}{' '}
        {roundTrip?.likelyMs === undefined
          ? ''
          : `About ${Math.round(roundTrip.likelyMs * 10) / 10} ms there and back (${roundTrip.basis}).`}{' '}
        <span className="quiet">
          Speaks for {Number(trip.covers.addresses).toLocaleString('en-GB')} addresses in {trip.covers.prefixes}{' '}
          prefixes
          {trip.branches > 1 ? `; one of ${trip.branches} branches that share the load` : ''}.
        </span>
      </p>
    </div>
  );
}

function WayTable({
  title,
  direction,
  way,
  at,
  onAt,
  onWhy,
}: {
  readonly title: string;
  readonly direction: HopAt['direction'];
  readonly way: WayDetail;
} & Pick<HopsProps, 'at' | 'onAt' | 'onWhy'>) {
  return (
    <>
      <h3 className={`way-title ${direction}`}>
        <svg width="38" height="12" aria-hidden="true">
          <g className={`way ${direction}`}>
            <path className="over" d="M1 6H37" fill="none" />
            <path className="arrow" d={direction === 'request' ? 'M15 1L25 6L15 11Z' : 'M23 1L13 6L23 11Z'} />
          </g>
        </svg>
        {title}: {viaWords(way.via)}
        {way.delivered ? '' : `, ${way.end}`}
      </h3>
      <table className="grid small hop-table">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Device</th>
            <th scope="col">Does</th>
            <th scope="col">Packet</th>
            <th scope="col">Because</th>
            <th scope="col">Line and fact</th>
          </tr>
        </thead>
        <tbody>
          {way.hops.map((hop, ix) => (
            <HopRow
              key={`${ix} ${hop.device}`}
              hop={hop}
              number={ix + 1}
              chosen={at?.direction === direction && at.hop === ix}
              onChoose={() => onAt({ direction, hop: ix })}
              onWhy={() => onWhy(hop.device, destinationOf(hop.leaves))}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

function HopRow({
  hop,
  number,
  chosen,
  onChoose,
  onWhy,
}: {
  readonly hop: HopDetail;
  readonly number: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onWhy: () => void;
}) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const isChanged = hop.arrives !== hop.leaves;
  return (
    <tr ref={row} className={`${chosen ? 'chosen ' : ''}${hop.action}`} aria-current={chosen ? 'step' : undefined}>
      <td>{number}</td>
      <td>
        <button type="button" className="link" onClick={onChoose}>
          {hop.device}
        </button>
      </td>
      <td>{hop.action === 'drop' ? <strong className="bad">✕ drops it</strong> : actionWords[hop.action]}</td>
      <td>
        <code>{hop.arrives}</code>
        {isChanged && hop.action !== 'drop' ? (
          <>
            <br />
            <code>becomes {hop.leaves}</code>
          </>
        ) : null}
      </td>
      <td>
        <WithFacts text={hop.detail} />
      </td>
      <td className="nowrap">
        <PlaceLink place={hop.place} />
        <FactLinks ids={hop.facts} />
        <button type="button" className="link" onClick={onWhy} aria-label={`Routes at ${hop.device}`}>
          routes
        </button>
      </td>
    </tr>
  );
}

const actionWords = {
  send: 'sends',
  forward: 'forwards',
  translate: 'translates',
  deliver: 'delivers',
  drop: 'drops it',
} as const;

function stepsOf(trip: TripDetail): readonly HopAt[] {
  return [
    ...trip.forward.hops.map((_, hop) => ({ direction: 'request' as const, hop })),
    ...(trip.return?.hops ?? []).map((_, hop) => ({ direction: 'answer' as const, hop })),
  ];
}

function stepWords(trip: TripDetail, at: HopAt | undefined): string {
  if (at === undefined) return '';
  const hop = (at.direction === 'request' ? trip.forward : trip.return)?.hops[at.hop];
  return hop === undefined ? '' : `${hop.device} ${actionWords[hop.action]} the ${at.direction}`;
}

function destinationOf(packet: string): string {
  return packet.split(' -> ')[1] ?? '';
}
