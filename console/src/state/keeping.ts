import { computed } from "@preact/signals";
import { who } from "./session";

/** Whether the page may offer to take holds and to say how long things are kept; the server decides each time. */
export const mayKeep = computed(() => {
  const role = who.value?.role;
  return role === "department_admin" || role === "city_admin";
});

/** Auditors see what is kept and what is held, too. */
export const mayReadKeeping = computed(() => mayKeep.value || who.value?.role === "auditor");

export const isOfTheCity = computed(() => who.value?.role === "city_admin");
