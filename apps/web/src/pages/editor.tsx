export default function Editor(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Editor</h1>
    </div>
  );
}
