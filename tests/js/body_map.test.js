import assert from "node:assert/strict";
import { test } from "node:test";

import { ARROWS, fillBlank, findNeighbour, findSide, listSigned, listSpots, paintPart } from "../../workbook/ui/widgets/body_map/geometry.js";
import { content } from "./content.js";

const { areas, places, wholePlaces } = content;

for (const view of ["front", "back"]) {
  test(`every area is drawn on the ${view} if it is there, and nowhere else`, () => {
    const drawn = new Set(listSpots(places, view).map((spot) => spot.part));
    const there = Object.values(areas).filter((area) => area.views.includes(view));

    assert.ok(drawn.size > 20);
    assert.deepEqual([...drawn].sort(), there.flatMap((area) => area.parts).sort());
  });

  test(`left and right of the ${view} are those of the person`, () => {
    const sided = listSpots(places, view).filter((spot) => spot.part.includes("."));
    const onTheRight = view === "front" ? "left" : "right";

    assert.ok(sided.length);
    for (const spot of sided) assert.equal(spot.x > 0, spot.part.endsWith(onTheRight), spot.key);
  });

  test(`arrow keys reach every part of the ${view} from every other`, () => {
    const spots = listSpots(places, view);
    const steps = new Map(spots.map((spot) => [
      spot.key,
      Object.keys(ARROWS).map((arrow) => findNeighbour(spots, spot, arrow)?.key).filter(Boolean),
    ]));

    for (const start of steps.keys()) {
      const reached = new Set([start]);
      for (const at of reached) for (const to of steps.get(at)) reached.add(to); // it grows on the way
      assert.equal(reached.size, steps.size, start);
    }
  });
}

test("an area told as a whole is drawn on both sides", () => {
  const spots = listSpots(wholePlaces, "back").filter((spot) => spot.part === "calves");

  assert.deepEqual(spots.map((spot) => spot.x > 0).sort(), [false, true]);
});

test("an area that the script has never met is drawn where its outline says", () => {
  const outline = { figure: "arm", whole: false, front: "M58 248L80 246L80 256Z", back: "" };
  const wrists = { key: "wrists", outline, parts: { "wrists.left": "Left wrist", "wrists.right": "Right wrist" } };

  const spots = listSpots([...places, wrists], "front").filter((spot) => spot.place === wrists);

  assert.deepEqual(spots.map((spot) => [spot.part, spot.x > 0]), [["wrists.left", true], ["wrists.right", false]]);
  assert.deepEqual(listSpots([wrists], "back"), []);
});

test("what is taken over fills only what is blank", () => {
  const suggested = { "calves.left": "open", nape: "open" };

  assert.deepEqual(fillBlank({ nape: "no", feet: "open" }, suggested), { "calves.left": "open", nape: "no", feet: "open" });
  assert.deepEqual(fillBlank({}, suggested), suggested);
});

test("a plan is read from the side on which it is seen", () => {
  assert.equal(findSide(places, { "knee_shin.left": "open", belly: "open" }, "back"), "front");
  assert.equal(findSide(places, { "calves.left": "open" }, "back"), "back");
  assert.equal(findSide(places, {}, "front"), "front");
});

test("a sign of both sides is drawn once, and one of each side on its own", () => {
  const signed = (signs) => listSigned(listSpots(places, "back"), signs).map((spot) => [spot.part, spot.x > 0]);

  assert.deepEqual(signed({ "calves.left": "1", "calves.right": "1" }), [["calves.right", true]]);
  assert.deepEqual(signed({ "calves.left": "2", "calves.right": "2" }), [["calves.left", false]]);
  assert.equal(signed({ "calves.left": "1", "calves.right": "2", nape: "3" }).length, 3);
});

test("painting the same mark again takes it off", () => {
  const calves = places.find((place) => place.key === "calves");
  const paint = (marks, brush, both) => paintPart(marks, calves, "calves.left", brush, both);

  assert.deepEqual(paint({}, "open", false), { "calves.left": "open" });
  assert.deepEqual(paint({}, "open", true), { "calves.left": "open", "calves.right": "open" });
  assert.deepEqual(paint({ "calves.left": "open" }, "open", false), {});
  assert.deepEqual(paint({ "calves.left": "open" }, "no", false), { "calves.left": "no" });
  const half = { "calves.left": "open", nape: "open" };
  assert.deepEqual(paint(half, "open", true), { ...half, "calves.right": "open" });
});
