export default function History(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>History</h1>
    </div>
  );
}
