const BAR_WIDTHS = ['62%', '88%', '74%', '92%', '55%', '80%', '68%', '84%'];

/** Stands in while something loads for more than 150 ms; `rows` of `height` px like what will come. */
export function Skeleton({ rows, height = 12 }: { rows: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => {
        const width = BAR_WIDTHS[index % BAR_WIDTHS.length];
        // biome-ignore lint/suspicious/noArrayIndexKey: identical bars in a fixed order.
        return <div key={index} className="skeleton-bar" style={{ width, height }} />;
      })}
    </div>
  );
}
