export default function Gallery(_: { readonly nonce?: string }) {
  return (
    <div className="page">
      <h1>Gallery</h1>
    </div>
  );
}
