from core.camera import Login


def test_the_text_form_of_a_login_hides_its_password() -> None:
    assert "hunter2" not in f"{Login('admin', 'hunter2')!r} {Login('admin', 'hunter2')}"
