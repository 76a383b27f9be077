/**
 * The functions that a PAC file may call, as source text for the engine: the classic ones as Netscape's "Navigator Proxy
 * Auto-Config File Format" (1996) names them and browsers run them today, and those for IPv6 that Windows added. Semantics
 * are those of Firefox and Chromium where the two agree and of Chromium where they do not: an hour range includes its
 * last hour, a range that ends before it starts wraps, a pattern is a regular expression apart from '.', '*' and '?'.
 *
 * Nothing here knows an address or an hour: `ask` finds it in the request or notes that it is missing. The script may
 * spoil built-in objects as it likes; what it can break is its own answer, because everything is restored before a run.
 *
 * The text evaluates to the function that runs the script once: (FindProxyForURL, request as JSON) → reply as JSON.
 */
export const PAC_LIBRARY = String.raw`(function () {
  'use strict';
  var global = globalThis, parse = JSON.parse, stringify = JSON.stringify, Expression = RegExp, Text = String;
  var whole = parseInt, notNumber = isNaN;
  var own = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
  var answers = {}, missing = null, reads = null;
  var LIMIT = 512;

  function note(list, value) {
    if (reads !== null && list.length < LIMIT && list.indexOf(value) < 0) list.push(value);
  }
  function ask(kind, about) {
    var key = about === '' ? kind : kind + ' ' + about;
    if (own(answers, key)) return answers[key];
    if (missing === null) missing = { kind: kind, about: about };
    throw new Error('nobody said: ' + key);
  }

  var V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
  function number4(text) {
    var m = V4.exec(text);
    if (m === null || m[1] > 255 || m[2] > 255 || m[3] > 255 || m[4] > 255) return null;
    return ((m[1] << 24) | (m[2] << 16) | (m[3] << 8) | m[4]) >>> 0;
  }
  /* Eight numbers of 16 bits. */
  function groups6(text) {
    text = text.replace(/%.*$/, '');
    var four = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
    if (four !== null) {
      var n = number4(four[2]);
      if (n === null) return null;
      text = four[1] + (n >>> 16).toString(16) + ':' + (n & 65535).toString(16);
    }
    var halves = text.split('::');
    if (halves.length > 2) return null;
    var left = halves[0] === '' ? [] : halves[0].split(':');
    var right = halves.length < 2 || halves[1] === '' ? [] : halves[1].split(':');
    if (halves.length === 1 ? left.length !== 8 : left.length + right.length > 7) return null;
    while (left.length + right.length < 8) left.push('0');
    var all = left.concat(right), out = [];
    for (var i = 0; i < 8; i++) {
      if (!/^[0-9a-f]{1,4}$/i.test(all[i])) return null;
      out.push(whole(all[i], 16));
    }
    return out;
  }
  function isAddress(text) {
    return number4(text) !== null || (text.indexOf(':') >= 0 && groups6(text) !== null);
  }
  /* 240.0.0.0/4 stands for addresses that nobody knows. */
  function isOpen(text) {
    return /^240\.0\.0\.\d+$/.test(text);
  }

  function dnsResolve(host) {
    host = Text(host).toLowerCase();
    return isAddress(host) ? host : ask('resolve', host);
  }
  function dnsResolveEx(host) {
    host = Text(host).toLowerCase();
    var found = isAddress(host) ? host : ask('resolve-all', host);
    return found === null ? '' : found;
  }
  function inNet4(address, pattern, mask) {
    var a = number4(address), p = number4(pattern), m = number4(mask);
    if (a === null || p === null || m === null) return false;
    note(reads.networks, pattern + ' ' + mask);
    if (isOpen(address)) return ask('in-net', address + ' ' + pattern + ' ' + mask);
    return ((a & m) >>> 0) === ((p & m) >>> 0);
  }
  function inNetEx(address, prefix) {
    var slash = prefix.indexOf('/');
    if (slash < 0) return false;
    var bits = whole(prefix.slice(slash + 1), 10), base = prefix.slice(0, slash);
    if (number4(base) !== null && number4(address) !== null) {
      if (!(bits >= 0 && bits <= 32)) return false;
      var m = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
      return inNet4(address, base, [m >>> 24, (m >>> 16) & 255, (m >>> 8) & 255, m & 255].join('.'));
    }
    var a = address.indexOf(':') < 0 ? null : groups6(address), p = base.indexOf(':') < 0 ? null : groups6(base);
    if (p !== null && bits >= 0 && bits <= 128) note(reads.networks, base + '/' + bits);
    if (a === null || p === null || !(bits >= 0 && bits <= 128)) return false;
    for (var i = 0; i < 8; i++) {
      var here = Math.max(0, Math.min(16, bits - 16 * i));
      var mask = here === 0 ? 0 : (65535 << (16 - here)) & 65535;
      if ((a[i] & mask) !== (p[i] & mask)) return false;
    }
    return true;
  }

  var DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  var MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  function zone(args) {
    if (args.length > 0 && args[args.length - 1] === 'GMT') {
      args.pop();
      return 'GMT';
    }
    return '';
  }
  function between(first, last, value) {
    return first <= last ? first <= value && value <= last : value >= first || value <= last;
  }

  var helpers = {
    isPlainHostName: function (host) {
      host = Text(host);
      return host.indexOf('.') < 0 && host.indexOf(':') < 0;
    },
    dnsDomainIs: function (host, domain) {
      host = Text(host);
      domain = Text(domain);
      return host.length >= domain.length && host.slice(host.length - domain.length) === domain;
    },
    localHostOrDomainIs: function (host, full) {
      host = Text(host);
      full = Text(full);
      return host === full || full.lastIndexOf(host + '.', 0) === 0;
    },
    dnsDomainLevels: function (host) {
      return Text(host).split('.').length - 1;
    },
    isResolvable: function (host) {
      return dnsResolve(host) !== null;
    },
    isResolvableEx: function (host) {
      return dnsResolveEx(host) !== '';
    },
    dnsResolve: dnsResolve,
    dnsResolveEx: dnsResolveEx,
    isInNet: function (host, pattern, mask) {
      host = Text(host);
      pattern = Text(pattern);
      mask = Text(mask);
      if (number4(pattern) === null || number4(mask) === null) return false;
      var address = number4(host) === null ? dnsResolve(host) : host;
      return address === null ? false : inNet4(address, pattern, mask);
    },
    isInNetEx: function (address, prefix) {
      return inNetEx(Text(address), Text(prefix));
    },
    myIpAddress: function () {
      return ask('my-address', '');
    },
    myIpAddressEx: function () {
      return ask('my-addresses', '');
    },
    sortIpAddressList: function (list) {
      var all = Text(list).split(';');
      for (var i = 0; i < all.length; i++) {
        all[i] = all[i].trim();
        if (!isAddress(all[i])) return '';
      }
      var six = all.filter(function (each) { return each.indexOf(':') >= 0; }).sort();
      var four = all.filter(function (each) { return each.indexOf(':') < 0; }).sort(function (a, b) {
        return number4(a) - number4(b);
      });
      return six.concat(four).join(';');
    },
    getClientVersion: function () {
      return '1.0';
    },
    shExpMatch: function (text, pattern) {
      text = Text(text);
      pattern = Text(pattern);
      if (number4(text) !== null) note(reads.networks, pattern);
      var source = pattern.replace(/\./g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.');
      return new Expression('^' + source + '$').test(text);
    },
    weekdayRange: function () {
      var args = [].slice.call(arguments), gmt = zone(args);
      var first = DAYS.indexOf(args[0]), last = args.length < 2 ? first : DAYS.indexOf(args[1]);
      if (first < 0 || last < 0) return false;
      return between(first, last, ask('weekday', gmt));
    },
    timeRange: function () {
      var args = [].slice.call(arguments), gmt = zone(args), n = args.length;
      if (n !== 1 && n !== 2 && n !== 4 && n !== 6) return false;
      var v = args.map(function (each) { return whole(each, 10); });
      if (v.some(notNumber)) return false;
      var first = v[0] * 3600, last;
      if (n === 1) last = first + 3599;
      else if (n === 2) last = v[1] * 3600 + 3599;
      else if (n === 4) {
        first += v[1] * 60;
        last = v[2] * 3600 + v[3] * 60 + 59;
      } else {
        first += v[1] * 60 + v[2];
        last = v[3] * 3600 + v[4] * 60 + v[5];
      }
      note(reads.seconds, first);
      note(reads.seconds, last + 1);
      return between(first, last, ask('seconds', gmt));
    },
    dateRange: function () {
      var args = [].slice.call(arguments), gmt = zone(args), n = args.length;
      if (n < 1 || n > 6 || (n > 1 && n % 2 === 1)) return false;
      function part(text) {
        var value = whole(text, 10);
        if (notNumber(value)) {
          var month = MONTHS.indexOf(text) + 1;
          note(reads.months, month);
          return { month: month };
        }
        if (value < 32) {
          note(reads.days, value);
          return { day: value };
        }
        note(reads.years, value);
        return { year: value };
      }
      var bounds = [{}, {}];
      for (var i = 0; i < n; i++) Object.assign(bounds[n > 1 && i >= n / 2 ? 1 : 0], part(args[i]));
      if (n === 1) bounds[1] = bounds[0];
      if (bounds[0].month === 0 || bounds[1].month === 0) return false;
      var today = ask('date', gmt).split('-');
      var y = whole(today[0], 10), m = whole(today[1], 10), d = whole(today[2], 10);
      /* What neither end fixes is as today; what an end leaves out below is its first or last. */
      var dayOnly = bounds[0].month === undefined && bounds[0].year === undefined;
      function ordinal(bound, month, day) {
        var its = bound.month === undefined ? (dayOnly ? m : month) : bound.month;
        return (bound.year === undefined ? y : bound.year) * 372 + its * 31 + (bound.day === undefined ? day : bound.day);
      }
      return between(ordinal(bounds[0], 1, 1), ordinal(bounds[1], 12, 31), y * 372 + m * 31 + d);
    },
    alert: function () {},
  };
  for (var name in helpers) global[name] = helpers[name];
  Math.random = function random() {
    return ask('random', '');
  };

  return function run(find, request) {
    var given = parse(request);
    answers = given.answers;
    missing = null;
    reads = { networks: [], seconds: [], days: [], months: [], years: [] };
    var reply = { reads: reads };
    try {
      var found = find(given.url, given.host);
      reply.text = found === null || found === undefined ? '' : found;
      if (typeof reply.text !== 'string') {
        reply.wrong = typeof found;
        reply.text = '';
      }
    } catch (thrown) {
      reply.thrown = true;
      reply.message = thrown instanceof Error ? thrown.name + ': ' + thrown.message : Text(thrown);
      reply.stack = thrown instanceof Error ? Text(thrown.stack) : '';
    }
    reply.missing = missing;
    return stringify(reply);
  };
})()`;
