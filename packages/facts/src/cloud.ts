// The separate Microsoft clouds. A circuit, a region and an address set belong to exactly one of them (ER-027).

export type Cloud = 'public' | 'usgov' | 'china';

/** Power Platform variants: the cloud they run on decides the circuit, the variant decides host names and identities. */
export type CloudVariant = 'public' | 'usgov-gcc' | 'usgov-high' | 'usgov-dod' | 'china-21vianet';

export const clouds: readonly Cloud[] = ['public', 'usgov', 'china'];

export const cloudVariants: readonly CloudVariant[] = [
  'public',
  'usgov-gcc',
  'usgov-high',
  'usgov-dod',
  'china-21vianet',
];

const cloudByVariant: Readonly<Record<CloudVariant, Cloud>> = {
  public: 'public',
  'usgov-gcc': 'usgov',
  'usgov-high': 'usgov',
  'usgov-dod': 'usgov',
  'china-21vianet': 'china',
};

/** The cloud whose routing domain and circuits a Power Platform variant uses. GCC runs on Azure Government. */
export function cloudOfVariant(variant: CloudVariant): Cloud {
  return cloudByVariant[variant];
}
