export default function Flows(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Flows</h1>
    </div>
  );
}
