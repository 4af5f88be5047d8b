"""A folder belongs to one process at a time."""


def test_a_second_house_in_the_same_folder_is_refused_in_a_sentence(house):
    again = house.machine.run(house.folder.home, "serve", "--port", "0")

    assert again.returncode == 1
    assert f"process {house.process.popen.pid}" in again.stdout + again.stderr
    assert "Traceback" not in again.stdout + again.stderr
    assert house.process.popen.poll() is None


def test_a_taken_port_is_refused_in_a_sentence(house, firm):
    again = house.machine.run(firm.home, "serve", "--port", str(house.folder.port))

    assert again.returncode == 1
    assert f":{house.folder.port}" in again.stdout + again.stderr
    assert "Traceback" not in again.stdout + again.stderr
