/** Reads failure groups, maintenance windows, prices and accepted risks. */
import { priceNames } from '@bothways/facts';
import { quoted } from '@bothways/net';
import { DEFAULTS } from './defaults.ts';
import { locate } from './document.ts';
import type { Money, Path } from './model.ts';
import {
  type AcceptedRisk,
  AVAILABILITY_KINDS,
  type ChargedAmounts,
  type FailureGroup,
  type MaintenanceWindow,
  type PriceOverrides,
  type ProviderPrice,
  type StatedAvailability,
} from './model-operations.ts';
import { parseCurrency, parseDate, parseFactor } from './names.ts';
import { readMoney, readPercentage, readText } from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { AcceptedRiskShape, AvailabilityShape, ElementsShape, FailureGroupShape, PricesShape } from './schema.ts';
import { resolved } from './syntax-tree.ts';

export function readFailureGroup(
  reading: Reading,
  name: string,
  shape: FailureGroupShape,
  elements: ReadonlySet<string>,
): FailureGroup {
  const path = ['failureGroups', name];
  return { name, path, elements: readElements(reading, path, shape.elements, elements) };
}

export function readMaintenance(
  reading: Reading,
  name: string,
  shape: ElementsShape,
  elements: ReadonlySet<string>,
): MaintenanceWindow {
  const path = ['maintenance', name];
  return {
    name,
    path,
    elements: readElements(reading, path, shape.elements, elements),
    kind: shape.kind ?? reading.applyDefault([...path, 'kind'], DEFAULTS.maintenanceKind),
  };
}

function readElements(
  reading: Reading,
  path: Path,
  texts: readonly string[],
  known: ReadonlySet<string>,
): readonly string[] {
  const at = reading.keyPath(path, 'elements');
  if (texts.length === 0) {
    reading.report({
      rule: 'estate/empty-list',
      path: at,
      message: 'the list of elements is empty',
      help: 'name what fails or is taken down',
    });
  }
  const names = reading.items(at, texts, (text, each) => {
    if (known.has(text)) return text;
    reading.unknownName({
      rule: 'estate/unknown-element',
      path: each,
      text,
      what: 'site, link, edge, device, circuit, provider or peering location',
      candidates: [...known],
      otherwise: 'name something that is defined in the document',
    });
    return undefined;
  });
  return [...new Set(names)];
}

export function readPrices(reading: Reading, shape: PricesShape | undefined): PriceOverrides {
  const path = ['prices'];
  const currencyPath = [...path, 'currency'];
  const currency =
    shape?.currency === undefined
      ? reading.applyDefault(currencyPath, DEFAULTS.currency)
      : (reading.scalar(currencyPath, shape.currency, 'estate/bad-currency', parseCurrency) ?? DEFAULTS.currency.value);
  const discountPath = [...path, 'microsoftDiscount'];
  if (shape?.microsoftDiscount === undefined) {
    reading.applyDefault(discountPath, { value: '0 %', because: DEFAULTS.microsoftDiscount.because });
  }
  const amount = (key: 'wanPerMbps' | 'internetPerMbps'): Money | undefined =>
    readMoney(reading, [...path, key], shape?.[key]);
  return {
    path,
    currency,
    exchangeRates: reading.named([...path, 'exchangeRates'], shape?.exchangeRates, (code, text, at) => {
      const known = reading.scalar(at, code, 'estate/bad-currency', parseCurrency);
      const perUsDollar = reading.scalar(at, text, 'estate/bad-number', parseFactor(0.000_001, 1_000_000));
      return known === undefined || perUsDollar === undefined ? undefined : { currency: known, perUsDollar, path: at };
    }),
    microsoftDiscount: readPercentage(reading, discountPath, shape?.microsoftDiscount) ?? 0,
    providers: reading.named(
      [...path, 'providers'],
      shape?.providers,
      (provider, each, at): ProviderPrice => ({ provider, ...readCharges(reading, at, each), path: at }),
    ),
    wanPerMbps: amount('wanPerMbps'),
    internetPerMbps: amount('internetPerMbps'),
    internal: readCharges(reading, [...path, 'internal'], shape?.internal),
    overrides: reading.named([...path, 'overrides'], shape?.overrides, (name, text, at) => {
      const known = knownPrice(reading, at, name);
      const money = readMoney(reading, at, text);
      return known && money !== undefined ? { name, money, path: at } : undefined;
    }),
    volumes: reading.named([...path, 'volumes'], shape?.volumes, (name, text, at) => {
      const circuit = reading.reference('circuits', at, name);
      const gigabytes = reading.scalar(at, text, 'estate/bad-number', parseFactor(0, 1_000_000_000));
      return circuit === undefined || gigabytes === undefined ? undefined : { circuit, gigabytes, path: at };
    }),
    trafficHours: reading.scalar(
      [...path, 'trafficHours'],
      shape?.trafficHours,
      'estate/bad-number',
      parseFactor(0, HOURS_OF_THE_LONGEST_MONTH),
    ),
  };
}

const HOURS_OF_THE_LONGEST_MONTH = 31 * 24;

function knownPrice(reading: Reading, path: Path, name: string): boolean {
  const names = priceNames().map((each) => each.name);
  if (names.includes(name)) return true;
  reading.unknownName({
    rule: 'estate/unknown-price',
    path,
    text: name,
    what: 'price',
    candidates: names,
    otherwise: 'bothways price shows the name of every price it uses or misses',
  });
  return false;
}

/** Names of single things are not checked here: what can fail is known once the network is compiled. */
export function readAvailability(
  reading: Reading,
  shape: AvailabilityShape | undefined,
): readonly StatedAvailability[] {
  const kinds: readonly string[] = AVAILABILITY_KINDS;
  return reading.named(['availability'], shape, (key, text, path) => {
    const fraction = readPercentage(reading, path, text);
    const dot = key.indexOf('.');
    const word = dot < 0 ? key : key.slice(0, dot);
    const kind = AVAILABILITY_KINDS.find((each) => each === word);
    if (kind === undefined) {
      reading.unknownName({
        rule: 'estate/unknown-kind',
        path,
        text: key,
        what: 'kind of thing that fails',
        candidates: kinds.map((each) => each + key.slice(word.length)),
        otherwise: `write one of ${kinds.join(', ')}, or one of them with a dot and a name`,
      });
      return undefined;
    }
    return fraction === undefined
      ? undefined
      : { kind, name: dot < 0 ? undefined : key.slice(dot + 1), fraction, path };
  });
}

function readCharges(
  reading: Reading,
  path: Path,
  shape: { readonly once?: string | undefined; readonly monthly?: string | undefined } | undefined,
): ChargedAmounts {
  return {
    once: readMoney(reading, [...path, 'once'], shape?.once),
    monthly: readMoney(reading, [...path, 'monthly'], shape?.monthly),
  };
}

/** Amounts in a currency that cannot be turned into the one sums are shown in. */
export function checkCurrencies(
  reading: Reading,
  prices: PriceOverrides,
  amounts: readonly { readonly money: Money | undefined; readonly path: Path }[],
): void {
  const rates = new Set(['USD', ...prices.exchangeRates.map((each) => each.currency)]);
  const missing = new Set<string>();
  const report = (code: string, path: Path, message: string): void => {
    if (rates.has(code) || missing.has(code)) return;
    missing.add(code);
    reading.report({
      rule: 'estate/no-exchange-rate',
      path,
      message,
      help: `add exchangeRates: { ${code}: ... } under prices, the amount that one US dollar buys`,
    });
  };
  const own: readonly { readonly money: Money | undefined; readonly path: Path }[] = [
    { money: prices.wanPerMbps, path: [...prices.path, 'wanPerMbps'] },
    { money: prices.internetPerMbps, path: [...prices.path, 'internetPerMbps'] },
    { money: prices.internal.once, path: [...prices.path, 'internal', 'once'] },
    { money: prices.internal.monthly, path: [...prices.path, 'internal', 'monthly'] },
    ...prices.overrides,
    ...prices.providers.flatMap(({ once, monthly, path }) => [
      { money: once, path: [...path, 'once'] },
      { money: monthly, path: [...path, 'monthly'] },
    ]),
  ];
  for (const { money, path } of [...amounts, ...own]) {
    if (money === undefined || money.currency === prices.currency) continue;
    report(money.currency, path, `there is no exchange rate for ${money.currency}`);
  }
}

export function readAcceptedRisk(reading: Reading, name: string, shape: AcceptedRiskShape): AcceptedRisk | undefined {
  const path = ['acceptedRisks', name];
  const rule = readRule(reading, [...path, 'rule'], shape.rule);
  const where = readWhere(reading, [...path, 'where'], shape.where);
  const because = readText(reading, [...path, 'because'], shape.because);
  const until = reading.scalar([...path, 'until'], shape.until, 'estate/bad-date', parseDate);
  return rule === undefined || because === undefined ? undefined : { name, path, rule, where, because, until };
}

/** The rules belong to other parts of the program; only the form can be judged here. */
function readRule(reading: Reading, path: Path, text: string): string | undefined {
  if (text === UNREADABLE) return undefined;
  if (/^[A-Za-z0-9]+(?:[/-][A-Za-z0-9]+)+$/.test(text)) return text;
  reading.report({
    rule: 'estate/bad-rule',
    path,
    message: `${quoted(text)} is not the name of a rule`,
    help: 'write it as findings show it, e.g. nat/shared-pool',
  });
  return undefined;
}

/** A path with dots. Names may have dots too, so the longest step that exists is taken. */
function readWhere(reading: Reading, path: Path, text: string | undefined): string | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const { tree } = reading.document;
  let rest = text.split('.');
  const steps: (string | number)[] = [];
  while (rest.length > 0) {
    const container = resolved(locate(tree, steps)?.location.node);
    let taken = 0;
    for (let count = rest.length; count > 0 && taken === 0; count -= 1) {
      const step = rest.slice(0, count).join('.');
      if (container?.kind === 'map' && container.byKey.has(step)) {
        steps.push(step);
        taken = count;
      } else if (container?.kind === 'list' && count === 1 && container.items[Number(step)] !== undefined) {
        steps.push(Number(step));
        taken = count;
      }
    }
    if (taken === 0) {
      const keys = container?.kind === 'map' ? [...container.byKey.keys()] : [];
      const near = reading.nearest(rest[0] ?? '', keys);
      const meant = near === undefined ? undefined : [...steps, near, ...rest.slice(1)].join('.');
      reading.report({
        rule: 'estate/unknown-path',
        path,
        message: `nothing in the document is called ${text}`,
        help: meant === undefined ? 'write kind and name, e.g. circuits.er-fra' : `did you mean ${meant}?`,
        fixes: meant === undefined ? [] : reading.replacement(path, meant, false),
      });
      return undefined;
    }
    rest = rest.slice(taken);
  }
  return text;
}
