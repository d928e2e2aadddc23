"""What a caller of tdxpamt.py relies on."""
import threading
import unittest

import tdxpamt

HOST = {
    "name": "small",
    "memory": [{"start": "0x100000", "end": "0x100000000", "node": 0}],
    "cmrs": [{"start": "0x100000", "end": "0x100000000"}],
}


class Answers(unittest.TestCase):
    def test_a_plan_is_a_dict_that_the_module_accepts(self):
        plan = tdxpamt.plan(HOST)
        self.assertEqual(("small", "constructed"), (plan["name"], plan["status"]))
        self.assertEqual("accepted", tdxpamt.check(plan)["status"])

    def test_options_are_those_of_the_command(self):
        self.assertEqual("v5", tdxpamt.plan(HOST, kernel="v5")["kernel"])
        self.assertEqual(50, tdxpamt.simulate(HOST, unmovable=0.5, trials=50)["trials"])
        self.assertEqual([0.25], [point["private4K"] for point in tdxpamt.cost(HOST, private4K=[0.25])["dynamic"]["points"]])

    def test_every_command_answers(self):
        for command in (tdxpamt.compare, tdxpamt.cost, tdxpamt.doctor):
            self.assertEqual("small", command(HOST)["name"])

    def test_what_cannot_be_read_says_where_and_why(self):
        with self.assertRaisesRegex(tdxpamt.Error, "^boot.log: "):
            tdxpamt.plan("nothing of use", name="boot.log")
        with self.assertRaisesRegex(tdxpamt.Error, "^options: kernels: there is no such property"):
            tdxpamt.plan(HOST, kernels="v5")

    def test_many_threads_plan_at_once(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(tdxpamt.plan(HOST)["pamtKiB"])) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(8, len(answers))
        self.assertEqual(1, len(set(answers)))


if __name__ == "__main__":
    unittest.main()
