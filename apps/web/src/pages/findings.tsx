export default function Findings(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Findings</h1>
    </div>
  );
}
