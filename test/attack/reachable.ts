import type { Wire } from './wire.ts'

/** Everything in the database that PostgreSQL itself did not bring. */
const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%'
  and n.nspname not like 'pg_toast_temp%'`

const list = async <T>(wire: Wire, text: string): Promise<T[]> => {
  const { rows, error } = await wire.ask(text)
  if (error !== '') throw new Error(error)
  return rows.map((row) => JSON.parse(row) as T)
}

export const roles = ['cityhall_app', 'cityhall_keeper', 'cityhall_reader', 'public'] as const

export type Relation = { name: string; columns: string[]; kind: string; owner: string; secured: boolean }

/** Every table, view, materialised view, foreign table and partition, from the catalogue: a new one is there by itself. */
export const relations = (wire: Wire): Promise<Relation[]> =>
  list(
    wire,
    `select format('%I.%I', n.nspname, c.relname) as name, c.relkind as kind, c.relowner::regrole::text as owner,
       c.relrowsecurity as secured, array(select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'v', 'm', 'f', 'p') and ${ours} order by 1`,
  )

export type Routine = {
  name: string
  types: string[]
  owner: string
  definer: boolean
  settings: string[] | null
  language: string
}

export const routines = (wire: Wire): Promise<Routine[]> =>
  list(
    wire,
    `select format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name,
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as x (t, i) order by i) as types,
       p.proowner::regrole::text as owner, p.prosecdef as definer, p.proconfig as settings, l.lanname as language
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where ${ours} order by 1`,
  )

/** What a role may do, one line a right, as the catalogue has it: functions, tables, columns, sequences, schemas. */
export const grants = (wire: Wire): Promise<{ role: string; right: string }[]> =>
  list(
    wire,
    `with granted as (
       select acl.grantee, 'call ' || format('%I.%I', n.nspname, p.proname) as right_
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
         aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl where ${ours} and acl.grantee <> p.proowner
       union all
       select acl.grantee, lower(acl.privilege_type) || ' ' || format('%I.%I', n.nspname, c.relname)
       from pg_class c join pg_namespace n on n.oid = c.relnamespace,
         aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) acl
       where c.relkind in ('r', 'v', 'm', 'f', 'p', 'S') and ${ours} and acl.grantee <> c.relowner
       union all
       select acl.grantee, lower(acl.privilege_type) || ' ' || format('%I.%I.%I', n.nspname, c.relname, a.attname)
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
         aclexplode(a.attacl) acl where ${ours} and acl.grantee <> c.relowner
       union all
       select acl.grantee, lower(acl.privilege_type) || ' schema ' || n.nspname
       from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) acl
       where ${ours} and acl.grantee <> n.nspowner
       union all
       select acl.grantee, lower(acl.privilege_type) || ' database'
       from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) acl
       where d.datname = current_database() and acl.grantee <> d.datdba
     )
     select distinct case grantee when 0 then 'public' else grantee::regrole::text end as role, right_ as "right"
     from granted order by 1, 2`,
  )

/** The functions of ours that a role can call, by name and argument types. */
export const callable = (wire: Wire, role: string): Promise<{ name: string; types: string[]; asked: string }[]> =>
  list(
    wire,
    `select format('%I.%I', n.nspname, p.proname) as name,
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as x (t, i) order by i) as types,
       format('%I.%I(%s)', n.nspname, p.proname, (select string_agg(format('$%s::%s', i, format_type(t, null)), ', ' order by i)
         from unnest(p.proargtypes) with ordinality as x (t, i))) as asked
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where ${ours} and has_schema_privilege('${role}', n.oid, 'usage') and has_function_privilege('${role}', p.oid, 'execute')
     order by 1`,
  )
