"""The form in Streamlit: ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

TEXT = (Path(__file__).parents[1] / "form.txt").read_text("utf-8").strip()


def save() -> None:
    st.session_state.presses = st.session_state.get("presses", 0) + 1


st.write(TEXT)
for number in range(1, 21):
    st.slider(f"Place {number}", 0, 10, 5)
st.text_area("Notes")
st.selectbox("Pace", ["slow", "medium", "brisk"])
st.button("Save", on_click=save)
if "presses" in st.session_state:
    st.write(f"Saved, press {st.session_state.presses}.")
