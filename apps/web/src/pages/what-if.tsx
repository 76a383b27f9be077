export default function WhatIf(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>WhatIf</h1>
    </div>
  );
}
