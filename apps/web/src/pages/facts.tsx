export default function Facts(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Facts</h1>
    </div>
  );
}
