import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { removeDepartment, type Department } from "../../api/departments";
import { deskLink, desk, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { within } from "../../state/giving";
import { departments, departmentsProblem, refreshDepartments } from "../../state/names";
import { may, who } from "../../state/session";
import { asTree, type Placed } from "../../state/tree";
import { Confirm } from "../confirm";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { DepartmentForm } from "./department-form";
import { Head } from "./head";

type Open = { what: "add" } | { what: "change" | "remove"; department: Department };

function Row({ placed: { one: department, depth }, onOpen }: { placed: Placed<Department>; onOpen: (open: Open) => void }): JSX.Element {
  const texts = text.value.owners;
  const cameras = deskLink("catalogue", null, new URLSearchParams({ department: String(department.id) }));
  const { "2016": old, "2022": now } = department.gb_industry;
  const home = who.value?.department ?? null;
  const mayChange = may.value.city || (home !== null && within(home.id, departments.value ?? []).has(department.id));
  return (
    <tr data-department={department.id}>
      <th scope="row">
        <span class={`level level-${Math.min(depth, 5)}`}>
          <a href={cameras} title={texts.cameras}>
            {department.name}
          </a>
        </span>
      </th>
      <td data-label={texts.kind}>{word("sectors", department.kind)}</td>
      <td data-label={texts.contact}>{department.contact || <small>–</small>}</td>
      <td data-label="GB" class="code">
        {now || old ? [now, old && `${old} (2016)`].filter(Boolean).join(" / ") : <small>–</small>}
      </td>
      {may.value.grants && (
        <td class="row-acts">
          {mayChange && (
            <button
              type="button"
              class="bare"
              title={texts.change}
              aria-label={`${texts.change}: ${department.name}`}
              onClick={() => onOpen({ what: "change", department })}
            >
              <Icon name="pencil" />
            </button>
          )}
          {may.value.city && (
            <button
              type="button"
              class="bare"
              title={text.value.remove}
              aria-label={`${text.value.remove}: ${department.name}`}
              onClick={() => onOpen({ what: "remove", department })}
            >
              <Icon name="bin" />
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

/** Who owns cameras: a tree of departments. */
export function DepartmentsPage(): JSX.Element {
  const texts = text.value.owners;
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(() => void refreshDepartments(), []);
  const close = () => setOpen(null);
  const q = desk.value?.query.get("q") ?? "";
  const wanted = q.trim().toLowerCase();
  const all = departments.value;
  const shown =
    wanted === ""
      ? asTree(all ?? [], ({ id }) => id, ({ parent }) => parent?.id ?? null)
      : (all ?? [])
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map((one) => ({ one, depth: 0, below: 0 }));
  return (
    <>
      <Head title={text.value.catalogue.pages.departments} note={all ? texts.departmentsNote(all.length) : undefined}>
        {may.value.city && (
          <button type="button" class="main" onClick={() => setOpen({ what: "add" })}>
            <Icon name="plus" />
            {texts.addDepartment}
          </button>
        )}
      </Head>
      <div class="tools" role="search">
        <label class="search wide">
          <Icon name="search" />
          <input
            type="search"
            value={q}
            placeholder={texts.find}
            aria-label={texts.find}
            onInput={(event) => setQuery({ q: event.currentTarget.value || null }, "replace")}
          />
        </label>
      </div>
      <div class="desk-body">
        {departmentsProblem.value && (
          <ProblemNote problem={departmentsProblem.value} retry={() => void refreshDepartments()} />
        )}
        {all === null && !departmentsProblem.value && <p class="waiting">{text.value.loading}</p>}
        {all !== null && shown.length === 0 && (
          <Empty icon="search" title={texts.noDepartments} hint={texts.noDepartmentsHint} />
        )}
        {shown.length > 0 && (
          <table class="list cards-on-phone">
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.kind}</th>
                <th scope="col">{texts.contact}</th>
                <th scope="col">{texts.industry2022}</th>
                {may.value.grants && (
                  <th>
                    <span class="unseen">{texts.change}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((placed) => (
                <Row key={placed.one.id} placed={placed} onOpen={setOpen} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {open !== null && open.what !== "remove" && (
        <DepartmentForm department={open.what === "change" ? open.department : null} onClose={close} />
      )}
      {open?.what === "remove" && (
        <Confirm
          title={texts.removeTitle(open.department.name)}
          explanation={texts.removeDepartmentText}
          verb={text.value.remove}
          isDangerous
          work={async () => {
            await removeDepartment(open.department);
            await refreshDepartments();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
