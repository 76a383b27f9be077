/** The answer of a check in the formats that other programs read: SARIF, JUnit, workflow commands, Markdown. */
import { listText, RULES } from '@bothways/checks';
import {
  type Finding,
  githubCommands,
  junitXml,
  markdownCode,
  markdownFindings,
  markdownTable,
  markdownText,
  plural,
  printable,
  type Severity,
  sarifLog,
  summariseFindings,
  type TestCase,
} from '@bothways/diagnostics';
import type { Checked, RoundTripView, WayView } from './check.ts';

/** SARIF 2.1.0; after a comparison what was there before comes too, marked as unchanged. */
export function checkSarif(checked: Checked, version: string): object {
  const { findings, accepted, since, sources, usable } = checked;
  const known = since?.known ?? [];
  return sarifLog({
    version,
    findings: [...findings, ...known],
    rules: RULES,
    files: [...sources.keys()],
    usable,
    accepted: accepted.map(({ finding, risk }) => ({ finding, because: risk.because })),
    ...(since === undefined ? {} : { known: new Set(known) }),
  });
}

/** JUnit XML: a case for every round trip, and one for every finding, or for the rule that found nothing. */
export function checkJunit(checked: Checked, failOn: Severity): string {
  const { report, findings, usable } = checked;
  const severities: readonly Severity[] = ['error', 'warning', 'note'];
  const counts = severities.slice(0, severities.indexOf(failOn) + 1);
  const silent = usable ? RULES.filter(({ name }) => !findings.some(({ rule }) => rule === name)) : [];
  return junitXml(`bothways check ${report?.estate ?? ''}`.trim(), [
    { name: 'round trips', cases: (report?.roundTrips ?? []).map(tripCase) },
    {
      name: 'rules',
      cases: [
        ...findings.map((each) => findingCase(each, counts.includes(each.severity))),
        ...silent.map(
          ({ name, title }): TestCase => ({ group: name, name: `no finding: ${title}`, outcome: 'passed' }),
        ),
      ],
    },
  ]);
}

function tripCase(trip: RoundTripView): TestCase {
  const { source, destination, flow, flowName, id, outcome, droppedAt, forward, return: back, packet } = trip;
  const place = droppedAt?.place;
  const passed = { group: `${source} to ${destination}`, name: `${flow} ${flowName} (${id})` };
  if (outcome === 'holds') return { ...passed, outcome: 'passed' };
  const details = [
    `packet ${packet.sent}${packet.sent === packet.received ? '' : `, seen by Microsoft as ${packet.received}`}`,
    ...wayLines('there', forward),
    ...(back === undefined ? ['back: nothing to answer'] : wayLines('back', back)),
  ];
  const message =
    droppedAt === undefined ? 'what it does is not known' : `dropped at ${droppedAt.device}: ${droppedAt.reason}`;
  return {
    ...passed,
    outcome: outcome === 'broken' ? 'failed' : 'unknown',
    message,
    kind: (back ?? forward).disposition,
    details,
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
  };
}

function wayLines(title: string, way: WayView): readonly string[] {
  return [
    `${title} over ${way.via}:`,
    ...way.hops.map(({ device, action, detail }, at) => `  ${at + 1}. ${device}  ${action}  ${detail}`),
  ];
}

function findingCase({ rule, severity, message, why, help, place, evidence }: Finding, counts: boolean): TestCase {
  const details = [
    `${severity}: ${message}`,
    ...(why === undefined ? [] : [`why: ${why}`]),
    ...(help === undefined ? [] : [`what to do: ${help}`]),
    ...evidence.flatMap(({ title, lines }) => [`${title}:`, ...lines.map((line) => `  ${line}`)]),
  ];
  return {
    group: rule,
    name: message,
    outcome: counts ? 'failed' : 'passed',
    message,
    kind: severity,
    details,
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
  };
}

/** Workflow commands of GitHub Actions, then one line that says how it ended. */
export function checkGithub(checked: Checked): string {
  const { report, findings } = checked;
  // The name of an estate could begin like a command, so it does not stand first.
  const verdict =
    report === undefined
      ? 'bothways: the document cannot be used'
      : `bothways: ${printable(report.estate)} ${verdictWords[report.verdict]}, ${report.summary.broken} of ${plural(report.summary.roundTrips, 'round trip')} broken`;
  return [...githubCommands(findings), `${verdict}; ${summariseFindings(findings)}${acceptedWords(checked)}`].join(
    '\n',
  );
}

const verdictWords = { holds: 'holds', broken: 'is broken', unknown: 'is not known to hold' } as const;

function acceptedWords({ accepted, since }: Checked): string {
  return [
    ...(accepted.length === 0 ? [] : [`; ${plural(accepted.length, 'finding')} accepted`]),
    ...(since === undefined ? [] : [`; ${since.known.length} known from the baseline, ${since.gone.length} gone`]),
  ].join('');
}

/** GitHub refuses comments of more than 65,536 characters. */
const longestComment = 60_000;

/** Markdown for a pull request: the verdict, what rides the circuit, then the findings with their fixes. */
export function checkMarkdown(checked: Checked): string {
  const { report, findings, sources, accepted, since } = checked;
  const head =
    report === undefined
      ? ['## Bothways: the document cannot be used', '', `${summariseFindings(findings)}. Nothing was computed.`, '']
      : [
          `## ${markdownText(report.estate)} ${verdictWords[report.verdict]}`,
          '',
          `${plural(report.summary.roundTrips, 'round trip')} checked there and back, ${report.summary.broken} broken; ${summariseFindings(findings)}${acceptedWords(checked)}.`,
          '',
          ...markdownTable(
            ['flow', 'from', 'to', 'goes over', 'outcome'],
            report.overview.map((line) => [
              `${markdownCode(line.flow)} ${markdownText(line.flowName)}`,
              markdownText(listText(line.sites)),
              markdownText(line.destination),
              markdownCode(line.via),
              line.outcome === 'holds' ? 'holds' : `**${line.outcome}**`,
            ]),
          ),
          '',
        ];
  const taken =
    accepted.length === 0
      ? []
      : [
          '## Accepted risks',
          '',
          ...accepted.map(
            ({ finding, risk }) =>
              `- ${markdownCode(finding.rule)} ${markdownText(finding.message)}: ${markdownText(risk.because)}${risk.until === undefined ? '' : ` (until ${risk.until})`}`,
          ),
          '',
        ];
  const gone =
    since === undefined || since.gone.length === 0
      ? []
      : [
          '## Gone since the baseline',
          '',
          ...since.gone.map(({ rule, message }) => `- ${markdownCode(rule)} ${markdownText(message)}`),
          '',
        ];
  const found = (withoutEvidence: boolean): readonly string[] =>
    findings.length === 0
      ? []
      : [
          since === undefined ? '## Findings' : '## New findings',
          '',
          ...markdownFindings(findings, sources, { withoutEvidence }),
        ];
  const whole = [...head, ...found(false), ...taken, ...gone].join('\n').trimEnd();
  if (whole.length <= longestComment) return whole;
  const short = [...head, ...found(true), ...taken, ...gone].join('\n').trimEnd();
  if (short.length <= longestComment)
    return `${short}\n\nThe paths behind the findings are left out: they were too long for a comment.`;
  const cut = Math.max(short.lastIndexOf('\n### ', longestComment), 0) || short.lastIndexOf('\n', longestComment);
  return `${short.slice(0, cut).trimEnd()}\n\nThe rest is left out: it is too long for a comment. ${summariseFindings(findings)} in all.`;
}
