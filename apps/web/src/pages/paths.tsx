export default function Paths(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Paths</h1>
    </div>
  );
}
