export default function Readiness(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Readiness</h1>
    </div>
  );
}
