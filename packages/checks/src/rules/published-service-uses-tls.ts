/** Power Platform calls services over TLS and refuses what has none. */
import { editSet, type PublishedService } from '@bothways/estate';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Plain {
  readonly service: PublishedService;
}

export const publishedServiceUsesTls = defineRule<Plain>({
  name: 'published-service-uses-tls',
  title: 'A service that Microsoft calls has no TLS',
  family: 'exposure',
  severity: 'error',
  ids: ['PP-C24', 'ER-160', 'ER-164', 'PP-P11'],
  what: 'Looks for published services that flows of Power Platform call and that are said to speak without TLS.',
  why: 'The circuit encrypts nothing, the shared network behind it neither, and the callers expect TLS 1.2 or newer with a public certificate.',
  fix: 'give the service a public certificate and TLS 1.2 or newer, or put a reverse proxy with both in front',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the service speaks without TLS',
    SERVERS,
    service(
      'address: 10.30.0.26, tls: false, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  silent: example(
    'with TLS, which is what the document assumes',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  find: (view) =>
    view.estate.services
      .filter(({ tls, calledBy, published }) => !tls && calledBy.length > 0 && published.length > 0)
      .map((each) => ({ service: each })),
  word: ({ service: each }) => ({
    message: `service ${each.name} is called by Power Platform, but it has no TLS`,
    path: [...each.path, 'tls'],
  }),
  mend: ({ service: each }, view) => [
    {
      title: `plan ${each.name} with TLS`,
      safe: false,
      edits: editSet(view.document, [...each.path, 'tls'], true),
    },
  ],
});
