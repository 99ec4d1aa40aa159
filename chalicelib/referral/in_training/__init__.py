"""What a consultation by somebody in training has besides: the provider's no, and who hears of its sessions."""
