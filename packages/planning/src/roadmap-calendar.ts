/** A roadmap as a calendar (iCalendar, RFC 5545): one all-day event for each step. The same roadmap gives the same bytes. */
import type { Roadmap, ScheduledStep } from './roadmap.ts';

/** ISO day `days` after another. Throws RangeError for what is no day. */
export function dayAfter(start: string, days: number): string {
  const time = Date.parse(`${start}T00:00:00Z`);
  if (Number.isNaN(time)) throw new RangeError(`${start} is no day`);
  return new Date(time + days * 86_400_000).toISOString().slice(0, 10);
}

/** `start`: ISO day on which the first steps begin. */
export function roadmapCalendar({ steps }: Roadmap, start: string, name: string): string {
  const stamp = `${start.replaceAll('-', '')}T000000Z`;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Bothways//Roadmap//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...steps.flatMap((step) => [
      'BEGIN:VEVENT',
      `UID:${uid(name, step)}`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${dayAfter(start, step.begins).replaceAll('-', '')}`,
      // The day after the last one; a step without length takes its day.
      `DTEND;VALUE=DATE:${dayAfter(start, Math.max(step.ends, step.begins + 1)).replaceAll('-', '')}`,
      `SUMMARY:${escaped(`${step.notBefore ? 'not before: ' : ''}${step.title}`)}`,
      `DESCRIPTION:${escaped(description(step))}`,
      `CATEGORIES:${escaped(step.kind)}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.flatMap(folded).join('\r\n')}\r\n`;
}

function description({ skill, after, days, lead, facts }: ScheduledStep): string {
  return [
    `Skill: ${skill}.`,
    after.length === 0 ? 'Nothing has to be done before.' : `After: ${after.join(', ')}.`,
    ...(days === undefined ? [`Nobody said how long it takes: ask, and give it as ${lead ?? ''}.`] : []),
    ...(facts.length === 0 ? [] : [`See ${facts.join(', ')}.`]),
  ].join('\n');
}

function uid(name: string, { id }: ScheduledStep): string {
  return `${`${name}-${id}`.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')}@bothways`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (each) => `\\${each}`).replaceAll('\n', '\\n');
}

/** Lines of at most 75 octets; the rest goes on after a space (section 3.1). */
function folded(line: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const code = character.codePointAt(0) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (octets + size > 75) {
      parts.push(part);
      part = ' ';
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part];
}
