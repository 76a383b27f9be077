/*
 * Peer of longest-match.ts: the same table and the same addresses in DPDK's rte_fib (DIR-24-8, entries of 4 bytes), one
 * core, no huge pages, no devices. Reads from standard input, all little-endian 32-bit words: the number of prefixes, the
 * number of addresses, then address, length and value of each prefix, then the addresses. Prints the millions of
 * look-ups a second of the best round, one number for each bulk size it is given as an argument.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_eal.h>
#include <rte_fib.h>

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static uint32_t *words(size_t count)
{
	uint32_t *read = malloc(count * sizeof(uint32_t));
	if (read == NULL || fread(read, sizeof(uint32_t), count, stdin) != count) {
		fprintf(stderr, "rte-fib: input of %zu words expected\n", count);
		exit(1);
	}
	return read;
}

int main(int argc, char **argv)
{
	char *eal[] = {"rte-fib", "--no-huge", "--no-pci", "--no-telemetry", "--no-shconf", "-m", "2048",
		       "-l", "0", "--log-level", "critical"};
	if (rte_eal_init(sizeof(eal) / sizeof(eal[0]), eal) < 0)
		return 1;
	uint32_t *head = words(2);
	uint32_t *prefixes = words((size_t)head[0] * 3);
	uint32_t *addresses = words(head[1]);
	uint64_t *found = malloc((size_t)head[1] * sizeof(uint64_t));
	struct rte_fib_conf conf;
	memset(&conf, 0, sizeof(conf));
	conf.type = RTE_FIB_DIR24_8;
	conf.max_routes = 1 << 21;
	conf.default_nh = 0x3fffffff;
	conf.dir24_8.nh_sz = RTE_FIB_DIR24_8_4B;
	conf.dir24_8.num_tbl8 = 1 << 17;
	struct rte_fib *fib = rte_fib_create("peer", 0, &conf);
	if (fib == NULL || found == NULL)
		return 1;
	double started = now();
	for (uint32_t ix = 0; ix < head[0]; ix++) {
		uint32_t *prefix = prefixes + (size_t)ix * 3;
		if (rte_fib_add(fib, prefix[0], (uint8_t)prefix[1], prefix[2]) != 0) {
			fprintf(stderr, "rte-fib: prefix %" PRIu32 " was not taken\n", ix);
			return 1;
		}
	}
	printf("build-ms %.0f\n", (now() - started) * 1e3);
	for (int argument = 1; argument < argc; argument++) {
		uint32_t bulk = (uint32_t)strtoul(argv[argument], NULL, 10);
		double best = 1e9;
		double end = now() + 0.5;
		if (bulk == 0)
			return 1;
		while (now() < end) {
			double round = now();
			for (uint32_t at = 0; at + bulk <= head[1]; at += bulk)
				rte_fib_lookup_bulk(fib, addresses + at, found + at, (int)bulk);
			round = now() - round;
			if (round < best)
				best = round;
		}
		uint64_t sum = 0;
		for (uint32_t at = 0; at < head[1] / bulk * bulk; at++)
			sum += found[at];
		printf("bulk-%" PRIu32 " %.0f %" PRIu64 "\n", bulk, (double)(head[1] / bulk * bulk) / best / 1e6, sum);
	}
	return 0;
}
