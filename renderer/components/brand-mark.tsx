/** The app's sign: several ways in, one way out. */
export function BrandMark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="none" stroke="currentColor">
      <path
        d="M2.5 4h3.2c2.6 0 2.6 5 5.3 5h4.5M2.5 14h3.2c2.6 0 2.6-5 5.3-5"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
      <circle cx="15" cy="9" r="1.9" fill="currentColor" stroke="none" />
    </svg>
  );
}
