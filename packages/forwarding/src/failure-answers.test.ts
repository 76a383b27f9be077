import { readFileSync } from 'node:fs';
import { loadEstate } from '@bothways/estate';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from './conversation.ts';
import { failureElements, failuresOf, setOf } from './elements.ts';
import { FailureAnswers } from './failure-answers.ts';
import { roundTrips } from './round-trip.ts';
import { questionsOf } from './sweep-questions.ts';

function compiledOf(name: string): CompiledNetwork {
  const text = readFileSync(new URL(`../../../${name}/estate.yaml`, import.meta.url), 'utf8');
  const { estate, document } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(`${name} cannot be read`);
  return compileNetwork(estate, document.placeOf);
}

function engineOf(compiled: CompiledNetwork): FailureAnswers {
  const elements = failureElements(compiled).filter(({ kinds }) => kinds[0] !== 'maintenance');
  return new FailureAnswers(compiled, elements, questionsOf(compiled));
}

describe('answers under failures', () => {
  it('are those of the network converged and followed from nothing', () => {
    const compiled = compiledOf('examples/contoso');
    const engine = engineOf(compiled);
    const ids = conversationsOf(compiled).map(({ id }) => id);
    for (const failed of [[], [8], [11, 19], [5, 6], [7, 20], [0, 3, 9], [12, 15, 17]]) {
      const failures = failuresOf(compiled.network, engine.elements, setOf(engine.elements, failed));
      const trips = roundTrips(compiled, converge(compiled.network, { failed: failures })).roundTrips;
      for (const [ix, question] of engine.questions.entries()) {
        const answers = question.demands.map((demand) =>
          question.judge(trips.filter((trip) => trip.demand.id === ids[demand])),
        );
        const expected =
          question.needs === 'any'
            ? answers.includes('holds')
              ? 'holds'
              : 'broken'
            : answers.includes('broken')
              ? 'broken'
              : 'holds';
        expect(engine.answer(ix, failed).answer, `${question.id} ${failed.join()}`).toBe(expected);
      }
    }
  });

  // A3, PP-S31 and PP-S39 are broken in ways that a further failure mends.
  it.each([
    'examples/contoso',
    'scenarios/A3-inbound-without-source-nat',
    'scenarios/PP-S06-local-internet-breakout',
    'scenarios/PP-S08-two-countries-two-circuits',
    'scenarios/PP-S31-hairpin-through-the-datacentre',
    'scenarios/PP-S39-microsoft-calls-a-public-name',
    'scenarios/shape-metro-circuit',
    'scenarios/shape-vpn-beside-private-peering',
  ])('%s: stay the same while everything they rest on is up', (name) => {
    const engine = engineOf(compiledOf(name));
    let checked = 0;
    let mended = 0;
    for (const question of engine.questions.keys()) {
      for (const failed of [[], ...engine.elements.map((_, ix) => [ix])]) {
        const { answer, restsOn } = engine.answer(question, failed);
        expect(restsOn).toBeDefined();
        for (const ix of engine.elements.keys()) {
          if (failed.includes(ix)) continue;
          if (restsOn?.includes(ix) === true && failed.length > 0) continue;
          const more = engine.answer(question, [...failed, ix]).answer;
          if (answer === 'broken' && more === 'holds') mended += 1;
          if (restsOn?.includes(ix) === true) continue;
          checked += 1;
          expect(more, `${engine.questions[question]?.id ?? ''}: ${failed.join()} and ${ix}`).toBe(answer);
        }
      }
    }
    expect(checked).toBeGreaterThan(100);
    expect(mended > 0).toBe(/A3|S39/.test(name));
  });

  it('refuse questions and elements that are not there', () => {
    const engine = engineOf(compiledOf('examples/contoso'));
    expect(() => engine.answer(99, [])).toThrow(RangeError);
    expect(() => engine.answer(0, [999])).toThrow(RangeError);
  });
});
