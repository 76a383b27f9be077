import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { address, addressOf, formatAddress } from '@bothways/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeQuestion, decodeReply, encodeQuestion, encodeReply } from './dns-message.ts';

const labels = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const names = fc.array(labels, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
const questions = fc.record({
  id: fc.nat(0xffff),
  name: names,
  family: fc.constantFrom(4 as const, 6 as const),
});

describe('messages about names', () => {
  it('are read as they were written (seed 9)', () => {
    fc.assert(
      fc.property(questions, fc.array(fc.bigInt(0n, 2n ** 32n - 1n), { maxLength: 4 }), (question, bits) => {
        expect(decodeQuestion(encodeQuestion(question))).toEqual(question);
        expect(decodeReply(encodeQuestion(question))).toBeUndefined();
        const addresses = bits.map((each) => addressOf(question.family, each));
        const reply = encodeReply(question, addresses);
        expect(decodeReply(reply)).toEqual({ id: question.id, exists: true, addresses });
        expect(decodeQuestion(reply)).toBeUndefined();
        expect(decodeReply(encodeReply(question, undefined))).toEqual({
          id: question.id,
          exists: false,
          addresses: [],
        });
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it('that are cut short are not read, and nothing is thrown (seed 10)', () => {
    fc.assert(
      fc.property(questions, fc.nat(60), (question, length) => {
        const reply = encodeReply(question, [addressOf(question.family, 7n)]);
        if (length < reply.length) expect(decodeReply(reply.subarray(0, length))?.addresses ?? []).toEqual([]);
        decodeQuestion(reply.subarray(0, length));
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  it('are understood by the resolver that Node has', async () => {
    const zone = [address('192.0.2.7'), address('192.0.2.8'), address('2001:db8::7')];
    const server = createSocket('udp4');
    server.on('message', (message, { port }) => {
      const question = decodeQuestion(message);
      if (question === undefined) return;
      server.send(
        encodeReply(question, question.name === 'orders.contoso.example' ? zone : undefined),
        port,
        '127.0.0.1',
      );
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const resolver = new Resolver({ timeout: 2000, tries: 2 });
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      expect(await resolver.resolve4('orders.contoso.example')).toEqual(
        zone.slice(0, 2).map((each) => formatAddress(each)),
      );
      expect(await resolver.resolve6('orders.contoso.example')).toEqual(['2001:db8::7']);
      await expect(resolver.resolve4('nowhere.contoso.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    } finally {
      server.close();
    }
  });
});
