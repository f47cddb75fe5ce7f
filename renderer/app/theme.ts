import { useEffect } from 'react';
import { useFromState } from '../api/queries.ts';

/** Hands the theme setting to the style sheet; `system` leaves the choice to the OS. */
export function useTheme(): void {
  const theme = useFromState((state) => state.settings.theme);
  useEffect(() => {
    document.documentElement.setAttribute('data-theme', theme);
  }, [theme]);
}
