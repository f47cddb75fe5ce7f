import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';

type HintProps = {
  /** Shown on hover and keyboard focus; line breaks are kept. */
  text: string;
  /** One element that takes a ref. It must say the same to screen readers by itself. */
  children: ReactElement;
};

/** A tooltip: extra precision for the eye, never the only place where something is said. */
export function Hint({ text, children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner className="layer" sideOffset={6} collisionPadding={8}>
          <Tooltip.Popup className="tooltip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
