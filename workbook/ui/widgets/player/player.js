// @ts-check
/** The guided session: its clock and its messages. The rules stand in session.js. */

import { createWakeLock } from "../shared/wake_lock.js";
import { advance, begin, endOfStep, isLive, passTime } from "./session.js";
import { createSound, QUESTION_HZ, ROUND_HZ, STEP_HZ } from "../shared/sound.js";
import { canSpeak, onVoicesChanged, speak } from "./speech.js";
import { createView } from "./view.js";

/** @import { RenderProps } from "@anywidget/types" */
/** @import { OtherPosition } from "./view.js" */
/** @import { Plan, Reaction, State, Step } from "./session.js" */
/**
 * @typedef {{
 *   plan: Plan, words: Record<string, string>, state: Partial<State> | null,
 *   agreed: boolean, speed: number, pad: string, positions: OtherPosition[],
 * }} Model
 */

const TICK_MS = 200;
const REPORT_INTERVAL_MS = 10_000;
const ASLEEP_MS = 20_000; // without a tick: the device slept, and nobody was led
const SIGNALS = ["softer", "pause", "stop"];

/** @param {RenderProps<Model>} props */
function render({ model, el }) {
  const sound = createSound(() => view.renderSound());
  const wakeLock = createWakeLock();
  const plan = /** @type {Plan} */ (model.get("plan"));
  const screen = {
    plan, state: begin(plan, model.get("state")), words: /** @type {Record<string, string>} */ ({}),
    agreed: false, mayDim: false, pad: "", soundOn: true, speechOn: false, canSpeak: false,
    note: /** @type {Reaction | null} */ (null), notedAt: -Infinity, softenedAt: -Infinity, pausedAt: 0,
    positions: /** @type {OtherPosition[]} */ ([]),
    counting: "", // what is heard of the tempo: nothing at first, and on this page alone
    ended: "", // why it ended on another page: a key of the words, or nothing
    breathingSince: /** @type {number | null} */ (null),
  };
  /** Time of the last tick. */
  let tickedAt = performance.now();
  let reportedAt = 0;
  /** The plan a session of this page has run; it is not run twice. */
  let played = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** Whether the sound's clock ticks as well. */
  let soundTicks = false;

  /** The count that was heard last. */
  let counted = "";

  const view = createView(screen, {
    act,
    react,
    strokeSeconds() {
      const { plan, state } = screen;
      const sinceTick = state.phase === "running" ? Math.min(performance.now() - tickedAt, ASLEEP_MS) / 1000 : 0;
      const seconds = state.elapsed + sinceTick * (model.get("speed") || 1);
      return Math.max(0, seconds - endOfStep(plan, state.step - 1));
    },
    count({ round, part, dot }) {
      const { counting, soundOn, state } = screen;
      const now = [state.step, round, ...(counting === "bell" ? [] : [part, dot])].join();
      if (now === counted) return;
      counted = now;
      if (!soundOn || !counting) return;
      if (counting === "bell") sound.ring(ROUND_HZ);
      else sound.tick();
    },
    /** Hands are still first; the plan that fits comes from Python, and waits for "go on". */
    changePosition(key) {
      view.expandReactions(false);
      act("pause");
      screen.note = { notice: "", line: screen.words.position_still ?? "", ask: "", kind: "position" };
      screen.notedAt = performance.now();
      view.renderAnew();
      send({ kind: "position", position: key, plan: screen.plan.id ?? "" });
    },
    setCounting(counting) {
      screen.counting = counting;
    },
    leave() {
      uncover();
      send({ kind: "left" });
    },
    toggleSound() {
      const isWaiting = screen.soundOn && isLive(screen.state) && sound.state === "waiting";
      if (!isWaiting) screen.soundOn = !screen.soundOn;
      if (!screen.soundOn) sound.stop();
      else if (isLive(screen.state)) sound.start();
      view.renderSound();
    },
    /** A tap anywhere: sound that the device has put to rest may begin again. */
    wakeSound() {
      if (screen.soundOn && isLive(screen.state) && sound.state === "waiting") sound.start();
    },
    soundState: () => (screen.soundOn ? sound.state : "off"),
    setSpeech(on) {
      screen.speechOn = on;
      if (!on) speak("");
    },
    setBreathing(on) {
      screen.breathingSince = on ? performance.now() : null;
      view.render();
    },
  });

  /* Messages to Python */

  /** @param {any} content */
  function send(content) {
    try {
      model.send(content);
    } catch {
      // Without a kernel the session goes on here, and a stop has long been shown.
    }
  }

  function reportPosition() {
    reportedAt = performance.now();
    const { phase, step, cap, elapsed } = screen.state;
    send({ kind: "at", phase, step, elapsed, cap, plan: screen.plan.id ?? "" });
  }

  /**
   * @param {string} event @param {State} before the state in which it happened
   * @param {string} [answer] key of the answer to a question
   */
  function reportEvent(event, { elapsed }, answer) {
    const content = { kind: "event", event, elapsed, cap: screen.state.cap, plan: screen.plan.id ?? "" };
    send(answer === undefined ? content : { ...content, answer });
  }

  /** Tell the page around the chapters whether a massage is led here. @param {string} what */
  function announce(what) {
    document.dispatchEvent(new CustomEvent("at-guide", { detail: what }));
  }

  /* What happens */

  /** Show a new state first, then report it. @param {State} after @param {() => void} report */
  function setState(after, report) {
    const before = screen.state;
    const phaseChanged = after.phase !== before.phase;
    screen.state = after;
    if (phaseChanged) screen.note = null; // it was about what was before
    if (phaseChanged || (after.open && !before.open)) view.expandReactions(false);
    if (after.cap < before.cap) screen.softenedAt = performance.now();
    if (phaseChanged) onPhaseChange();
    view.render();
    report();
    if (phaseChanged) reportPosition();
  }

  /** Do what a tap, an answer or the partner's signal asks for. @param {string} event @param {string} [answer] */
  function act(event, answer) {
    screen.note = null; // what came up before is over
    const { plan, state } = screen;
    const after = advance(plan, state, event);
    if (after === state) return;
    if (screen.soundOn && (event === "start" || event === "go_on")) sound.start();
    if (event === "start") announce("begun");
    setState(after, () => reportEvent(event, state, answer));
    if (event === "start" || event === "skip" || event === "leave") advanceClock(0);
    if (event === "start") readAloud(sayStep(plan.steps[0]));
  }

  /** Something came up: do what it asks for, then show what to do. @param {Reaction} reaction */
  function react(reaction) {
    view.expandReactions(false);
    act(reaction.kind);
    screen.note = reaction; // the place where it is shown is read out
    screen.notedAt = performance.now();
    view.renderAnew();
  }

  /** Returns what is read aloud of a step. @param {Step} step */
  function sayStep({ sentence, place }) {
    return place ? `${sentence} ${place}.` : sentence;
  }

  /** @param {string} text */
  function readAloud(text) {
    speak(screen.speechOn ? text : "");
  }

  /** @param {number} seconds of the plan */
  function advanceClock(seconds) {
    const { plan } = screen;
    const { state: after, events } = passTime(plan, screen.state, seconds);
    const happened = events.map((each) => each.event);
    setState(after, () => events.length && reportPosition());
    const asks = happened.includes("ask") ? (view.openQuestion()?.question ?? "") : "";
    const here = plan.steps[after.step];
    const moves = happened.includes("next") && after.phase === "running";
    if (moves || asks) readAloud([moves ? sayStep(here) : "", asks].join(" ").trim());
    if (!screen.soundOn) return;
    const rests = after.phase === "paused"; // a second guarded question without an answer
    if (happened.includes("ask") || rests) sound.ring(QUESTION_HZ);
    else if (happened.includes("next") || happened.includes("finish")) sound.ring(STEP_HZ);
  }

  function tick() {
    const real = performance.now() - tickedAt;
    tickedAt += real;
    if (screen.state.phase === "running" && real > ASLEEP_MS) return act("pause");
    advanceClock((real / 1000) * (model.get("speed") || 1));
    if (isLive(screen.state) && performance.now() - reportedAt > REPORT_INTERVAL_MS) reportPosition();
  }

  /** A browser may let a page in the background tick once a minute; the sound's clock goes on. */
  function tickBySound() {
    soundTicks = false;
    if (!document.hidden || !isLive(screen.state)) return;
    tick();
    soundTicks = sound.callAfterSecond(tickBySound);
  }

  function onPhaseChange() {
    const { phase } = screen.state;
    if (phase !== "running") speak("");
    if (isLive(screen.state)) {
      played = JSON.stringify(screen.plan);
      tickedAt = performance.now();
      timer ??= setInterval(tick, TICK_MS);
      if (phase === "paused") screen.pausedAt = tickedAt;
      else {
        view.cover();
        void wakeLock.request();
      }
      announce("on");
      return;
    }
    announce("over");
    clearInterval(timer);
    timer = undefined;
    soundTicks = false;
    onPadChange();
    if (phase === "stopped") sound.stop();
    wakeLock.release();
    if (view.isCovering() && !screen.words.leave) uncover();
  }

  function uncover() {
    sound.stop();
    view.uncover();
  }

  /* What Python changes. Nothing it does undoes a stop or lets a session go on. */

  function renderLabels() {
    screen.words = model.get("words") ?? {};
    screen.agreed = Boolean(model.get("agreed"));
    screen.positions = model.get("positions") ?? [];
    screen.canSpeak = canSpeak();
    onPadChange();
    view.renderLabels();
    void checkWakeLock();
  }

  /** Find out, before anything begins, whether this screen may go dark in the middle of it. */
  async function checkWakeLock() {
    if (screen.state.phase !== "ready" || !screen.agreed) return;
    const mayDim = await wakeLock.isRefused();
    if (mayDim === screen.mayDim) return;
    screen.mayDim = mayDim;
    view.renderAnew();
  }

  function onModelChange() {
    const saved = model.get("state");
    if (isLive(screen.state)) {
      if (saved?.phase === "stopped") act("stop");
      // Opened again, it waits here, and the other phone may have said "softer" meanwhile.
      else if (saved && saved.cap !== undefined && saved.cap < screen.state.cap) {
        screen.state = { ...screen.state, cap: saved.cap };
      }
      return;
    }
    if (played && played === JSON.stringify(model.get("plan"))) return;
    screen.plan = /** @type {Plan} */ (model.get("plan"));
    screen.state = begin(screen.plan, saved);
    if (view.isCovering()) uncover();
    renderLabels();
    onMassage();
  }

  /**
   * Cover the page with a session that was left in the middle, at rest; and stop one that was
   * stopped where nothing was unlocked. The app's page says first that no other page leads it.
   */
  function onMassage() {
    const massage = document.documentElement.dataset.massage;
    if (!isLive(screen.state)) return;
    if (massage === "stopped") return act("stop");
    const isKnown = massage !== undefined || !document.getElementById("at-massage");
    if (!isKnown || massage === "guided" || view.isCovering()) return;
    played = JSON.stringify(screen.plan);
    screen.pausedAt = performance.now();
    view.cover();
    view.renderAnew();
  }

  function onAgreementChange() {
    screen.agreed = Boolean(model.get("agreed"));
    view.render();
    void checkWakeLock();
  }

  function onPositionsChange() {
    screen.positions = model.get("positions") ?? [];
    view.renderReactions();
  }

  /** Without the pad the giver has to ask aloud, so its going is not to be missed. */
  function onPadChange() {
    screen.pad = isLive(screen.state) ? (model.get("pad") ?? "") : ""; // the end is quiet
    view.renderPad();
    if (screen.pad === "gone" && screen.soundOn) sound.ring(QUESTION_HZ);
  }

  /** @param {any} message */
  function onMessage(message) {
    const { state } = screen;
    if (message?.kind === "signal" && SIGNALS.includes(message.signal)) {
      screen.ended = isLive(state) ? (message.ended ?? "") : screen.ended;
      act(message.signal);
    } else if (message?.kind === "cap" && message.cap < state.cap) {
      setState({ ...state, cap: message.cap, open: null, repeat: null, silences: 0 }, reportPosition);
    } else if (message?.kind === "line" && state.phase === "paused") {
      screen.note = { notice: "", line: message.line, ask: "", kind: "line" };
      view.renderAnew();
    } else if (message?.kind === "tighten" && isLive(state)) {
      tighten(message);
    }
  }

  /**
   * Take over a plan with less in it, at rest: one of the two allows less from now on.
   * @param {{plan: Plan, state: State, line: string}} message
   */
  function tighten({ plan, state, line }) {
    screen.plan = plan;
    played = JSON.stringify(plan);
    setState({ ...begin(plan, state), cap: Math.min(state.cap, screen.state.cap) }, reportPosition);
    screen.note = { notice: "", line, ask: "", kind: "tighten" };
    screen.notedAt = performance.now();
    view.renderLabels();
    if (screen.soundOn) sound.ring(QUESTION_HZ);
  }

  function onVisibilityChange() {
    if (timer === undefined) return; // nothing runs, or nobody has said "go on" here
    if (document.hidden) {
      if (!soundTicks) tickBySound();
      return;
    }
    tick();
    view.renderPicture();
    sound.resume();
    if (screen.state.phase === "running") void wakeLock.request();
  }

  el.classList.add("at-player");
  for (const part of [el, view.stage]) {
    part.dataset.atAlways = ""; // the page locks what needs its kernel; a stop needs none
    part.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys are not ours
  }
  el.replaceChildren(view.card);
  const listeners = /** @type {const} */ ([
    ["change:plan", onModelChange], ["change:state", onModelChange], ["change:agreed", onAgreementChange],
    ["change:pad", onPadChange], ["change:positions", onPositionsChange], ["change:words", renderLabels], ["msg:custom", onMessage],
  ]);
  for (const [name, listener] of listeners) model.on(name, listener);
  document.addEventListener("visibilitychange", onVisibilityChange);
  document.addEventListener("at-massage", onMassage);
  const forgetVoices = onVoicesChanged(renderLabels); // voices may come late
  renderLabels();
  onMassage();
  return () => {
    announce("away");
    view.removeStage();
    clearInterval(timer);
    speak("");
    sound.stop();
    wakeLock.release();
    forgetVoices();
    document.removeEventListener("visibilitychange", onVisibilityChange);
    document.removeEventListener("at-massage", onMassage);
    for (const [name, listener] of listeners) model.off(name, listener);
  };
}
export default { render };
