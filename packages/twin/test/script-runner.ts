/**
 * Runs the proxy scripts of the scenarios: enough for scripts that look at names only. The engine of the command, which
 * runs any script of anybody, stands in another layer; apps/cli tests the same scenario with it.
 */
import { runInNewContext } from 'node:vm';
import type { PacEvaluator } from '@bothways/network';

const HELPERS = `
  function dnsDomainIs(host, domain) { return host.endsWith(domain); }
  function isPlainHostName(host) { return !host.includes('.'); }
`;
const NOTHING = { networks: [], seconds: [], days: [], months: [], years: [] };

export const runsNameScripts: PacEvaluator = ({ script, url, host }) => {
  const call = `${HELPERS}\n${script}\nFindProxyForURL(${JSON.stringify(url)}, ${JSON.stringify(host)});`;
  return { kind: 'answer', text: String(runInNewContext(call)), reads: NOTHING, cost: 1 };
};
