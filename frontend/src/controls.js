// @ts-check
/** ipywidgets' own controls. */

export * from "@jupyter-widgets/controls";
