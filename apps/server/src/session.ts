/** Who is asking, and what they may do. */

export type Role = 'viewer' | 'editor';

export interface User {
  readonly name: string;
  readonly role: Role;
}

export type SignInKind = 'none' | 'token' | 'oidc';
