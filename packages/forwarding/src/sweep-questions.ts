/**
 * What a sweep asks of every set of failures: does each demand of the document hold, does each intent, is each place
 * still connected. An intent is judged by what it claims to survive.
 */
import type { Intent } from '@bothways/estate';
import type { CompiledNetwork } from '@bothways/network';
import { type Conversation, conversationsOf } from './conversation.ts';
import type { FailureElement, FailureSet } from './elements.ts';
import { pathQuality } from './quality.ts';
import { decideLatency } from './quality-intents.ts';
import type { RoundTrip } from './round-trip.ts';
import { publicLink } from './ways.ts';

export type Answer = 'holds' | 'broken' | 'unknown';

export interface Question {
  /** 'intent dataverse-private', 'demand everyday', 'place branch'. */
  readonly id: string;
  readonly kind: 'intent' | 'demand' | 'place';
  readonly name: string;
  /** Positions in the conversations of the estate. */
  readonly demands: readonly number[];
  /** 'all': broken with the first demand that is. 'any': broken with the last. */
  readonly needs: 'all' | 'any';
  /** What one demand's round trips say. */
  readonly judge: (trips: readonly RoundTrip[]) => Answer;
  readonly intent: Intent | undefined;
}

/** Does an intent hold for the round trips of one demand? Other measures than the way are added by `also`: latency. */
export type IntentJudge = (intent: Intent, trip: RoundTrip) => Answer;

/** The latency that an intent asks for, on the branch that is shown. */
function latencyJudge(compiled: CompiledNetwork): IntentJudge {
  return ({ latency }, trip) =>
    latency === undefined || trip.outcome !== 'holds'
      ? 'holds'
      : decideLatency(latency, pathQuality(compiled, trip)).outcome;
}

export function questionsOf(
  compiled: CompiledNetwork,
  also: IntentJudge = latencyJudge(compiled),
): readonly Question[] {
  const { estate } = compiled;
  const conversations = conversationsOf(compiled);
  const named = new Map<string, number[]>();
  const placed = new Map<string, number[]>();
  for (const [ix, { written, site }] of conversations.entries()) {
    append(named, written.kind === 'demand' ? written.demand.demand.name : written.inbound.service.name, ix);
    append(placed, site.name, ix);
  }
  return [
    ...estate.intents.map((intent): Question => {
      const spoken = conversations.flatMap((demand, ix) => (speaksOf(intent, demand) ? [ix] : []));
      const judge = (trips: readonly RoundTrip[]): Answer =>
        worst(
          ...trips.map((trip) =>
            worst(intentAnswer(intent, trip), privateAnswer(compiled, intent, trip), also(intent, trip)),
          ),
        );
      return {
        id: `intent ${intent.name}`,
        kind: 'intent',
        name: intent.name,
        demands: spoken,
        needs: 'all',
        judge,
        intent,
      };
    }),
    ...[...named].map(([name, list]) => plain('demand', name, list, 'all')),
    ...[...placed].map(([name, list]) => plain('place', name, list, 'any')),
  ];
}

function plain(kind: 'demand' | 'place', name: string, demands: readonly number[], needs: 'all' | 'any'): Question {
  const judge = (trips: readonly RoundTrip[]): Answer => worst(...trips.map(({ outcome }) => outcome));
  return { id: `${kind} ${name}`, kind, name, demands, needs, judge, intent: undefined };
}

function speaksOf(intent: Intent, { flow, site, environment, target }: Conversation): boolean {
  if (!intent.flows.includes(flow.id)) return false;
  if (!intent.from.includes(site.name) && !intent.users.includes(site.name)) return false;
  return environment === undefined || intent.to.includes(environment) || intent.vnets.includes(target.name);
}

/** Delivered both ways, over what the intent wants. */
export function intentAnswer(intent: Intent, trip: RoundTrip): Answer {
  if (trip.outcome !== 'holds' || intent.over === 'any') return trip.outcome;
  const vias = [trip.forward.via, ...(trip.back === undefined ? [] : [trip.back.via]), ...trip.otherVias];
  return vias.every(({ kind }) => kind === intent.over) ? 'holds' : 'broken';
}

/** Broken where a private way is asked for and one direction crosses the internet, arrived or not. */
function privateAnswer({ network }: CompiledNetwork, intent: Intent, trip: RoundTrip): Answer {
  if (!intent.private) return 'holds';
  const isPublic = publicLink(network, trip.forward) ?? (trip.back && publicLink(network, trip.back));
  return isPublic === undefined ? 'holds' : 'broken';
}

/** True where the intent claims to hold under this set; undefined members are elements nobody named. */
export function claimsToSurvive(
  { survives }: Intent,
  elements: readonly FailureElement[],
  { elements: members }: FailureSet,
): boolean {
  if (survives === 'nothing') return members.length === 0;
  if (survives === 'any-single-failure') return members.length <= 1;
  if (survives === 'any-two-failures') return members.length <= 2;
  return (
    members.length === 0 || (members.length === 1 && members.every((ix) => survives.includes(elements[ix]?.name ?? '')))
  );
}

export function worst(...answers: readonly (Answer | undefined)[]): Answer {
  if (answers.includes('broken')) return 'broken';
  return answers.includes('unknown') ? 'unknown' : 'holds';
}

function append(lists: Map<string, number[]>, key: string, ix: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [ix]);
  else list.push(ix);
}
