"""Python's search for circles rests while much is made, and goes on afterwards, whatever happened inside."""

import gc

import pytest

from trainee.kit.collecting import without_collecting


def test_it_rests_inside_and_goes_on_when_all_have_left():
    with without_collecting():
        with without_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"), without_collecting():
        raise ValueError("broken")
    assert gc.isenabled()
