import type { City } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/** Something the files no longer hold and the database still needs. */
export type StillUsed = Readonly<{
  kind: 'topic' | 'place' | 'duty' | 'department' | 'agency' | 'legal basis'
  id: string
  by: string
  count: number
}>

export type CityImported =
  Readonly<{ changed: boolean }> | Readonly<{ refused: 'still-used'; uses: readonly StillUsed[] }>

type Files = ReturnType<typeof filesOf>

/**
 * Brings departments, topics, places and duties into the database, as the owner, in the caller's transaction. What the
 * files no longer hold is removed where nothing needs it; otherwise everything is refused, with names, before the first
 * write. A change of duties changes what employees see from their next request on.
 */
export async function importCity(tx: Tx, city: City): Promise<CityImported> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtext('cityhall city import'))`)
  const files = filesOf(city)
  const uses = await stillUsed(tx, files)
  if (uses.length > 0) return { refused: 'still-used', uses }
  const before = await fingerprint(tx)
  await addAndChange(tx, files)
  await remove(tx, files)
  const changed = (await fingerprint(tx)) !== before
  if (changed) await tx.rows(sql`select ledger.write('city.imported', 'operator', p_detail => ${`city=${city.id}`})`)
  return { changed }
}

function filesOf(city: City) {
  const duties = [...city.duties.values()]
  return {
    departments: [...city.departments.keys()],
    topics: [...city.topics.values()].map(({ id, department, sensitive, problem }) => ({
      id,
      department,
      sensitive,
      problem,
    })),
    places: [...city.places.keys()],
    agencies: [...city.agencies.values()].map(({ id, kind, takes, needs }) => ({
      id,
      kind,
      way: takes?.way ?? 'none',
      needs,
    })),
    bases: [...city.legalBases.keys()],
    duties: duties.map(({ id, department, may, reasons }) => ({
      id,
      department,
      powers: may,
      reasons: reasons.map((reason) => reason.id),
    })),
    dutyTopics: duties.flatMap(({ id, topics }) => topics.map((topic) => ({ duty: id, topic }))),
  }
}

async function stillUsed(tx: Tx, { topics, places, duties, agencies, bases }: Files): Promise<StillUsed[]> {
  const rows = await tx.rows<StillUsed>(sql`
    select 'topic' as kind, topic as id, 'cases' as by, count(*)::int as count from correspondence.casefile
      where topic <> all (${topics.map((topic) => topic.id)}::text[]) group by topic
    union all
    select 'place', place, 'cases', count(*)::int from correspondence.casefile
      where place <> all (${places}::text[]) group by place
    union all
    select 'duty', duty, 'employees', count(*)::int from need_to_know.charge
      where duty <> all (${duties.map((duty) => duty.id)}::text[]) and (until is null or until > clock_timestamp()) group by duty
    union all
    select 'agency', agency, 'referrals', count(*)::int from referral.disclosure
      where agency <> all (${agencies.map((agency) => agency.id)}::text[]) group by agency
    union all
    select 'agency', closed_agency, 'cases', count(*)::int from correspondence.casefile
      where closed_agency is not null and closed_agency <> all (${agencies.map((agency) => agency.id)}::text[]) group by closed_agency
    union all
    select 'legal basis', basis, 'referrals', count(*)::int from referral.disclosure
      where basis <> all (${bases}::text[]) group by basis
    order by 1, 2`)
  return rows
}

async function addAndChange(tx: Tx, files: Files): Promise<void> {
  await tx.rows(sql`insert into city.agency
    select id, kind, way, array(select jsonb_array_elements_text(needs)) from jsonb_to_recordset(${JSON.stringify(files.agencies)}::jsonb)
      as x (id text, kind text, way text, needs jsonb)
    on conflict (id) do update set kind = excluded.kind, way = excluded.way, needs = excluded.needs`)
  await tx.rows(sql`insert into city.legal_basis select unnest(${files.bases}::text[]) on conflict do nothing`)
  await tx.rows(sql`insert into city.department select unnest(${files.departments}::text[]) on conflict do nothing`)
  await tx.rows(sql`insert into city.place select unnest(${files.places}::text[]) on conflict do nothing`)
  await tx.rows(sql`insert into city.topic (id, department, sensitive, problem)
    select id, department, sensitive, problem from jsonb_to_recordset(${JSON.stringify(files.topics)}::jsonb)
      as x (id text, department text, sensitive boolean, problem boolean)
    on conflict (id) do update set department = excluded.department, sensitive = excluded.sensitive,
      problem = excluded.problem`)
  await tx.rows(sql`insert into need_to_know.duty
    select id, department, array(select jsonb_array_elements_text(powers)), array(select jsonb_array_elements_text(reasons))
    from jsonb_to_recordset(${JSON.stringify(files.duties)}::jsonb)
      as x (id text, department text, powers jsonb, reasons jsonb)
    on conflict (id) do update set department = excluded.department, powers = excluded.powers, reasons = excluded.reasons`)
  await tx.rows(sql`insert into need_to_know.duty_topic
    select duty, topic from jsonb_to_recordset(${JSON.stringify(files.dutyTopics)}::jsonb) as x (duty text, topic text)
    on conflict do nothing`)
}

/** Foreign keys decide the order; a charge that has ended goes with its duty, since the ledger tells of it. */
async function remove(tx: Tx, files: Files): Promise<void> {
  const duties = files.duties.map((duty) => duty.id)
  const pairs = files.dutyTopics.map(({ duty, topic }) => `${duty} ${topic}`)
  await tx.rows(sql`delete from need_to_know.duty_topic where duty || ' ' || topic <> all (${pairs}::text[])`)
  await tx.rows(sql`delete from need_to_know.charge where duty <> all (${duties}::text[])`)
  await tx.rows(sql`delete from need_to_know.duty where id <> all (${duties}::text[])`)
  await tx.rows(sql`delete from city.agency where id <> all (${files.agencies.map((agency) => agency.id)}::text[])`)
  await tx.rows(sql`delete from city.legal_basis where id <> all (${files.bases}::text[])`)
  await tx.rows(sql`delete from city.topic where id <> all (${files.topics.map((topic) => topic.id)}::text[])`)
  await tx.rows(sql`delete from city.place where id <> all (${files.places}::text[])`)
  await tx.rows(sql`delete from city.department where id <> all (${files.departments}::text[])`)
}

async function fingerprint(tx: Tx): Promise<string> {
  const row = await tx.row<{ all: string }>(sql`select md5(concat(
    (select string_agg(d::text, ';' order by d.id) from city.department d), '|',
    (select string_agg(t::text, ';' order by t.id) from city.topic t), '|',
    (select string_agg(p::text, ';' order by p.id) from city.place p), '|',
    (select string_agg(a::text, ';' order by a.id) from city.agency a), '|',
    (select string_agg(b::text, ';' order by b.id) from city.legal_basis b), '|',
    (select string_agg(d::text, ';' order by d.id) from need_to_know.duty d), '|',
    (select string_agg(t::text, ';' order by t.duty, t.topic) from need_to_know.duty_topic t))) as all`)
  return row?.all ?? ''
}
