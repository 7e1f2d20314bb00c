from tests.bench.models import losses


def test_the_losses_are_read_from_the_progress_bar() -> None:
    log = (
        "Epochs:   0%|   | 0/3 [00:00<?, ?it/s]\r"
        "Epochs:  33%|█  | 1/3 [00:05<00:10,  5s/it, t_loss=3.93, i_acc=0.926]\r"
        "Epochs:  33%|█  | 1/3 [00:05<00:10,  5s/it, t_loss=3.93, i_acc=0.926]\r"
        "Epochs:  67%|██ | 2/3 [00:10<00:05,  5s/it, t_loss=2, i_acc=0.97]\n"
    )

    assert losses(log) == (3.93, 2.0)
    assert losses("nothing of the kind") == ()
