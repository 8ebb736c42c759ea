import assert from "node:assert/strict";
import { test } from "node:test";

import { guessCountry, makePhoneAddress } from "../../workbook/ui/widgets/helplines/helplines.js";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

test("the country is the one whose time zone the device has, and none where nobody has it", () => {
  const other = { id: "XX", zones: ["Nowhere/Else"] };

  assert.equal(guessCountry([other, { id: "YY", zones: [HERE] }]), "YY");
  assert.equal(guessCountry([other]), "");
});

test("a number is dialled by its digits, with the country before it if it is there", () => {
  assert.equal(makePhoneAddress("1-800-799-7233"), "tel:18007997233");
  assert.equal(makePhoneAddress("+44 (0)20"), "tel:+44020");
});
