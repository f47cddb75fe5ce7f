import type { ComponentPropsWithRef, ReactNode } from 'react';

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'type'> & {
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  submit?: boolean;
  children: ReactNode;
};

/** A push button; at most one `primary` per view. */
export function Button({ look = 'plain', submit = false, children, className, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      className={className ? `button ${className}` : 'button'}
      data-look={look}
    >
      {children}
    </button>
  );
}
