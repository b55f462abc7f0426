/** Leases over time. The table beside it has the last numbers for who cannot see it. */
import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";

const HEIGHT = 200;
/** Seconds that it shows at least. */
const SHORTEST = 60;

interface Props {
  readonly label: string;
  /** Unix times, seconds. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export function UsagePlot({ label, times, values }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);

  useEffect(() => {
    const element = place.current!;
    plot.current = draw(element, label);
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
    };
  }, [label]);

  useEffect(() => plot.current?.setData([[...times], [...values]]), [label, times, values]);

  return <div class="plot" ref={place} role="img" aria-label={`${label} over time`} />;
}

function draw(element: HTMLElement, label: string): UPlot {
  const style = getComputedStyle(element);
  const ink = style.getPropertyValue("color");
  const line = style.getPropertyValue("--line");
  const accent = style.getPropertyValue("--accent");
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return new UPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      series: [{}, { label, stroke: accent, width: 2, points: { show: ({ data }) => data[0].length === 1 } }],
      axes: [axis, { ...axis, size: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000, 1_000_000] }],
      scales: {
        x: { range: rangeOf },
        y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
      },
    },
    [[], []],
    element,
  );
}

/** Of all times; what uPlot proposes for a single one is years. */
function rangeOf({ data: [times] }: UPlot): [number, number] {
  const last = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? last, last - SHORTEST), last];
}
