import { computed } from "@preact/signals";
import { who } from "./session";

/** Whether the page may offer to look after subscriptions; what may really be done, the server decides each time. */
export const mayChangeAlerts = computed(() => {
  const role = who.value?.role;
  return role === "department_admin" || role === "city_admin";
});

/** Operators see the subscriptions of their department, too. */
export const mayReadAlerts = computed(() => mayChangeAlerts.value || who.value?.role === "operator");
