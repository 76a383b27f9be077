/** A roadmap as a calendar (iCalendar, RFC 5545): one all-day event for each step. The same roadmap gives the same bytes. */
import type { Roadmap, ScheduledStep } from './roadmap.ts';

/** ISO day `days` after another. Throws RangeError for what is no day. */
export function dayAfter(start: string, days: number): string {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(start) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) throw new RangeError(`${start} is no day`);
  const counted = dayNumber(year, month, day);
  if (dayText(counted) !== start) throw new RangeError(`${start} is no day`);
  return dayText(counted + days);
}

/** Days of 400 years, after which the calendar repeats itself. */
const ERA = 146_097;

/** Days since 0000-03-01 of the Gregorian calendar; years begin in March, so that a leap day is the last of its year. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * ERA + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
}

function dayText(count: number): string {
  const era = Math.floor(count / ERA);
  const ofEra = count - era * ERA;
  const years = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = years + era * 400 + (month <= 2 ? 1 : 0);
  const padded = (value: number, width: number): string => String(value).padStart(width, '0');
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
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
