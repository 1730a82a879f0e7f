demo-begin = DEMO · um dia de mercado inventado, em ritmo acelerado. Nenhum destes preços é real.
demo-end = Fim da DEMO · foi um dia inventado. Com preços reais: make run
