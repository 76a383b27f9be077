export default function Report(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Report</h1>
    </div>
  );
}
