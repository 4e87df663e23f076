declare const resident: unique symbol
declare const child: unique symbol

export type ResidentId = string & { readonly [resident]: true }
export type ChildId = string & { readonly [child]: true }

/** Who is signed in at /me, proved by the secret of her session. A receipt's holder or an employee is another actor. */
export type ResidentActor = Readonly<{ kind: 'resident'; secret: Buffer }>

/** A resident as one transaction knows her. `fresh`: she signed in within the last ten minutes. */
export type Resident = Readonly<{ id: ResidentId; session: string; language: 'en' | 'es'; fresh: boolean }>

export const guardianKinds = ['parent', 'legal-guardian', 'foster-parent', 'institution'] as const
export type GuardianKind = (typeof guardianKinds)[number]
