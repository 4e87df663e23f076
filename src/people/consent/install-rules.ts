import type { City } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/**
 * Tells the database what the city's file says of consent, after the city's files are in, as the owner. A method that is no
 * longer offered stays: old proofs name it.
 */
export async function installConsentRules(tx: Tx, { consent, timeZone, retention }: City): Promise<void> {
  await tx.rows(sql`update consent.method set offered = false`)
  if (!consent) return
  const methods = [...consent.methods].map(([id, { strength }]) => ({ id, strength }))
  await tx.rows(sql`insert into consent.method (id, strength) select id, strength
    from jsonb_to_recordset(${JSON.stringify(methods)}::jsonb) as x (id text, strength int)
    on conflict (id) do update set strength = excluded.strength, offered = true`)
  await tx.rows(sql`insert into consent.rules (time_zone, answer_days, remind_day, verify_days, proof_days, post_days,
      conflict_days, of_age_days, backup_days, ending_days)
    values (${timeZone}, ${consent.answerDays}, ${consent.remindAfter}, ${consent.verifyDays}, ${consent.proofDays},
      ${consent.codeByPostDays}, ${consent.disagreementDays}, ${consent.ofAgeDays}, ${consent.backUpsExpire}, ${consent.endingDays})
    on conflict (only_one) do update set (time_zone, answer_days, remind_day, verify_days, proof_days, post_days, conflict_days,
      of_age_days, backup_days, ending_days) = (excluded.time_zone, excluded.answer_days, excluded.remind_day, excluded.verify_days,
      excluded.proof_days, excluded.post_days, excluded.conflict_days, excluded.of_age_days, excluded.backup_days, excluded.ending_days)`)
  const keeping = [...retention.values()].map(({ id, years }) => ({ retention: id, years }))
  await tx.rows(sql`delete from consent.keeping`)
  await tx.rows(sql`insert into consent.keeping (retention, years) select retention, years
    from jsonb_to_recordset(${JSON.stringify(keeping)}::jsonb) as x (retention text, years numeric)`)
  // What went into custody before its time was known. A time that is known stays: it is what the receipt said.
  await tx.rows(sql`update consent.custody u set until = consent.keep_until(c.retention, u.since)
    from consent.consent c where c.id = u.consent and u.until is null`)
}
